import { z } from 'zod'
import { withDomain } from '../address.ts'
import { defineProbe } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { lines, looked } from '../text.ts'

/**
 * The interrupts that guests have of passed-through devices. A driver in the guest shows itself by `msi` or `msix`, or by an
 * `intx` that counts; QEMU alone sets up an `intx` that stays at 0.
 */
export const VfioInterrupts = z.array(
  z.object({ address: z.string(), kind: z.enum(['intx', 'msi', 'msix']), count: z.number() }),
)
export type VfioInterrupts = z.infer<typeof VfioInterrupts>

export const vfioInterrupts = defineProbe({
  name: 'vfio-interrupts',
  snippet: snippetFile('vfio-interrupts'),
  maxBytes: 1024 * 1024,
  schema: VfioInterrupts,
  parse,
})

const HANDLER = /\bvfio-(intx|msix?)(?:\[\d{1,5}\])?\(((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\)/gi
const KINDS: Readonly<Record<string, VfioInterrupts[number]['kind']>> = { intx: 'intx', msi: 'msi', msix: 'msix' }

function parse(text: string): VfioInterrupts {
  const found = new Map<string, VfioInterrupts[number]>()
  for (const line of lines(looked(text))) {
    const [, counts = ''] = /^\s*\d{1,6}:((?:\s+\d{1,15})+)\s/.exec(line) ?? []
    const count = counts.split(/\s+/).reduce((sum, each) => sum + Number(each), 0)
    for (const [, kind = '', written = ''] of line.matchAll(HANDLER)) {
      const one = { address: withDomain(written), kind: KINDS[kind.toLowerCase()] ?? 'intx', count }
      const key = `${one.kind} ${one.address}`
      found.set(key, { ...one, count: one.count + (found.get(key)?.count ?? 0) })
    }
  }
  return [...found.values()]
}
