import { z } from 'zod'
import { isRefusal, type Refusal } from '../errors.ts'

/** What prints the members of a node's cluster: a file of pmxcfs, which is read without asking the cluster. */
export const MEMBERS_SCRIPT = 'cat /etc/pve/.members\n'

const File = z.object({
  nodename: z.string(),
  cluster: z.object({ name: z.string() }).optional(),
  nodelist: z.record(z.string(), z.object({ ip: z.string().optional() })).default({}),
})
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

export interface Members {
  /** Name of the cluster; null for a node that stands alone. */
  readonly cluster: string | null
  /** The others, with the address that the cluster knows them by; without the node that was asked. */
  readonly others: readonly { readonly name: string; readonly host: string }[]
}

/** Reads `/etc/pve/.members` (pmxcfs(8)): the node's own name, the cluster's, and the address of each member. */
export function readMembers(text: string): Members | Refusal {
  const read = File.safeParse(jsonOr(text))
  if (!read.success) return { refused: 'it does not list the members of a cluster', hint: 'is it a Proxmox VE node?' }
  const { nodename, cluster, nodelist } = read.data
  const others = Object.entries(nodelist).flatMap(([name, { ip }]) =>
    name !== nodename && NAME.test(name) && name.toLowerCase() !== 'all' && ip ? [{ name, host: ip }] : [],
  )
  return { cluster: cluster?.name ?? null, others }
}

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Those among the members that the configuration does not name itself, by name or address. */
export function newMembers(
  found: Members | Refusal,
  known: Readonly<Record<string, { readonly host: string }>>,
): Members['others'] {
  if (isRefusal(found)) return []
  const hosts = Object.values(known).map(({ host }) => host)
  return found.others.filter(({ name, host }) => !Object.hasOwn(known, name) && !hosts.includes(host))
}
