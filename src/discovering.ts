import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from './config.ts'
import { isRefusal, wordsOf } from './errors.ts'
import { MEMBERS_SCRIPT, newMembers, readMembers } from './fleet/members.ts'
import type { Transport } from './ssh/transport.ts'
import { createLowdbStore } from './store/lowdb-store.ts'

/** What a node said about its cluster: its id is the node's name. */
const Told = z.object({ id: z.string(), version: z.number().int(), at: z.iso.datetime(), text: z.string() })

/** How long what a member said is taken for true, and how long one is asked. */
const HOLDS_MS = 600_000
const LIMITS = { timeoutMs: 10_000, maxBytes: 1 << 20 }

interface Parts {
  readonly transport: Pick<Transport, 'run'>
  readonly now: () => Date
  /** Hears of a member that cannot be asked; what it said the last time counts then. */
  readonly trouble: (node: string, because: string) => void
}

/**
 * The configuration with the other members of the clusters whose node says `discover: true`: reached as that node is, with its labels.
 * What a node said is kept in the data folder, so that the others are known while it is away.
 */
export async function withMembers(config: Config, { transport, now, trouble }: Parts): Promise<Config> {
  const asked = Object.entries(config.fleet).filter(([, { discover }]) => discover)
  if (asked.length === 0) return config
  const store = await createLowdbStore(join(config.data, 'members.json'), Told)
  const nodes = { ...config.nodes }
  const changing = { ...config.changing }
  const fleet = { ...config.fleet }
  for (const [name, manner] of asked) {
    const access = config.nodes[name]
    const last = await store.get(name)
    const fresh = last !== undefined && now().getTime() - Date.parse(last.at) < HOLDS_MS
    const text = fresh ? last.text : await ask(name)
    if (text !== undefined && !fresh) {
      const at = now().toISOString()
      await store.put({ id: name, version: (last?.version ?? 0) + 1, at, text })
    }
    const members = readMembers(text ?? last?.text ?? '')
    if (text !== undefined && isRefusal(members)) trouble(name, members.refused)
    for (const { name: other, host } of access ? newMembers(members, nodes) : []) {
      nodes[other] = { ...access, host } as Config['nodes'][string]
      changing[other] = { ...access, ...config.changing[name], host } as Config['nodes'][string]
      fleet[other] = { ...manner, discover: false }
    }
  }
  return { ...config, nodes, changing, fleet }

  async function ask(node: string): Promise<string | undefined> {
    try {
      return (await transport.run(node, MEMBERS_SCRIPT, LIMITS)).stdout.toString('utf8')
    } catch (error) {
      trouble(node, wordsOf(error))
      return undefined
    }
  }
}
