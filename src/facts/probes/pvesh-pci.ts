import { z } from 'zod'
import { withDomain } from '../address.ts'
import { defineProbe, NotLearned } from '../probe.ts'
import { content } from '../text.ts'

/** The PCI devices as the Proxmox API lists them; group -1 = none. */
export const PveshPci = z.array(z.object({ id: z.string(), iommuGroup: z.number().int() }))
export type PveshPci = z.infer<typeof PveshPci>

export const pveshPci = defineProbe({
  name: 'pvesh-pci',
  snippet: `command -v pvesh >/dev/null || exit 127
pvesh get "/nodes/$(uname -n | cut -d . -f 1)/hardware/pci" --pci-class-blacklist "" --output-format json`,
  slow: true,
  seconds: 30,
  maxBytes: 1024 * 1024,
  schema: PveshPci,
  parse,
})

const Listed = z.array(z.object({ id: z.string(), iommugroup: z.coerce.number().int() }))

function parse(text: string): PveshPci {
  let raw: unknown
  try {
    raw = JSON.parse(content(text))
  } catch (error) {
    throw error instanceof NotLearned ? error : new NotLearned('not JSON')
  }
  return Listed.parse(raw).map(({ id, iommugroup }) => ({ id: withDomain(id), iommuGroup: iommugroup }))
}
