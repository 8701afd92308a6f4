import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { content, keyed } from '../text.ts'

/** The processor. `flags` is null where the source did not show them. */
export const Cpu = z.object({
  vendor: z.enum(['intel', 'amd', 'other']),
  model: z.string().nullable(),
  flags: z.array(z.string()).nullable(),
})
export type Cpu = z.infer<typeof Cpu>

export const cpu = defineProbe({
  name: 'cpu',
  snippet: `sed -n '/^$/q;p' /proc/cpuinfo`,
  schema: Cpu,
  parse: parse,
})

const VENDORS: Readonly<Record<string, Cpu['vendor']>> = { GenuineIntel: 'intel', AuthenticAMD: 'amd' }

function parse(text: string): Cpu {
  const key = keyed(content(text))
  const vendor = key('vendor_id')
  if (vendor === null) throw new NotLearned('no vendor_id line')
  const flags = key('flags')
  return {
    vendor: VENDORS[vendor] ?? 'other',
    model: key('model name'),
    flags: flags === null ? null : flags.split(/\s+/),
  }
}
