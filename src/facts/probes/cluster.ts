import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Cluster membership and high availability, as `key: value`. */
export const Cluster = z.object({
  members: z.number().int().nullable(),
  quorate: z.boolean().nullable(),
  expectedVotes: z.number().nullable(),
  totalVotes: z.number().nullable(),
  ha: z.array(z.string()),
  maintenance: z.string().nullable(),
})
export type Cluster = z.infer<typeof Cluster>

export const cluster = defineProbe({
  name: 'cluster',
  snippet: '',
  schema: Cluster,
  parse: (text) => text,
})
