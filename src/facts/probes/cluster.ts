import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, pairs, whole, yesNo } from '../text.ts'

/** Cluster membership and high availability, as `key: value`. */
export const Cluster = z.object({
  members: z.number().int().nullable(),
  quorate: z.boolean().nullable(),
  expectedVotes: z.number().nullable(),
  totalVotes: z.number().nullable(),
  ha: z.array(z.string()),
  maintenance: z.string().nullable(),
  name: z.string().nullable(),
  /** Votes of this node itself. */
  ownVotes: z.number().nullable(),
  /** `shutdown_policy` of HA; null = the default, or not read. */
  shutdownPolicy: z.string().nullable(),
  /** HA is fencing some node. */
  fencing: z.boolean(),
})
export type Cluster = z.infer<typeof Cluster>

export const cluster = defineProbe({
  name: 'cluster',
  snippet: snippetFile('cluster'),
  schema: Cluster,
  parse,
})

function parse(text: string): Cluster {
  const said = pairs(content(text))
  const key = (wanted: string) => said.find(([name]) => name === wanted)?.[1] || null
  const cluster: Cluster = {
    members: whole(key('members')),
    quorate: yesNo(key('quorate')),
    expectedVotes: whole(key('expected-votes')),
    totalVotes: whole(key('total-votes')),
    ha: said.flatMap(([name, value]) => (name === 'ha' && value ? [value] : [])),
    maintenance: key('maintenance'),
    name: key('name'),
    ownVotes: whole(key('own-votes')),
    shutdownPolicy: key('shutdown-policy'),
    fencing: key('fencing') === 'yes',
  }
  if (cluster.members === null && cluster.quorate === null && cluster.expectedVotes === null) {
    throw new NotLearned('nothing of a cluster in it')
  }
  return cluster
}
