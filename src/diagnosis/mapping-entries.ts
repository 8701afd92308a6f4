import type { Facts } from '../facts/facts.ts'
import type { Mappings } from '../facts/probes/mappings.ts'
import type { ProbeName } from '../facts/probes.ts'

export type MappingEntry = Mappings[number]['entries'][number]

/** The node's own name in its cluster, as its guests' files and its task ids carry it; null where neither was read. */
export const ownName = ({ guests, tasks }: Facts): string | null =>
  guests?.find(({ node }) => node)?.node ?? tasks?.map(({ upid }) => upid?.split(':')[1]).find((name) => name) ?? null

/** A mapping's entries for this node. Mappings belong to the cluster, so which entries are this node's is known by name only. */
export function entriesHere(
  facts: Facts,
  mapping: string,
): { readonly entries: readonly MappingEntry[] } | { readonly unknown: readonly ProbeName[] } {
  if (!facts.mappings) return { unknown: ['mappings'] }
  const entries = facts.mappings.find(({ name }) => name === mapping)?.entries ?? []
  const own = ownName(facts)
  if (entries.length === 0) return { entries }
  return own === null ? { unknown: ['guests'] } : { entries: entries.filter(({ node }) => node === own) }
}
