import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** How the node does its job, for the comparison before and after a trial: NICs, bridges, mounts, failed units, DMA faults in the kernel log. */
export const Health = z.object({
  nics: z.array(z.object({ name: z.string(), mac: z.string(), state: z.string() })),
  bridges: z.array(z.object({ name: z.string(), ports: z.array(z.string()) })),
  mounts: z.array(z.object({ target: z.string(), fs: z.string() })),
  failedUnits: z.array(z.string()),
  dmaFaults: z.number().int(),
})
export type Health = z.infer<typeof Health>

export const health = defineProbe({
  name: 'health',
  snippet: '',
  schema: Health,
  parse: (text) => text,
})
