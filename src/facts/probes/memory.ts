import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Memory in KiB. */
export const Memory = z.object({
  totalKib: z.number().nullable(),
  availableKib: z.number().nullable(),
  hugePagesTotal: z.number().nullable(),
  memlockKib: z.number().nullable(),
})
export type Memory = z.infer<typeof Memory>

export const memory = defineProbe({
  name: 'memory',
  snippet: '',
  schema: Memory,
  parse: (text) => text,
})
