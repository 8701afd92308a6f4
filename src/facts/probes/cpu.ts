import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The processor. `flags` is null where the source did not show them. */
export const Cpu = z.object({
  vendor: z.enum(['intel', 'amd', 'other']),
  model: z.string().nullable(),
  flags: z.array(z.string()).nullable(),
})
export type Cpu = z.infer<typeof Cpu>

export const cpu = defineProbe({
  name: 'cpu',
  snippet: '',
  schema: Cpu,
  parse: (text) => text,
})
