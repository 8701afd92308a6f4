import type { Facts } from '../facts/facts.ts'

/** Addresses by the bridge above them. */
export interface Stem {
  readonly address: string
  readonly below: readonly Stem[]
}

/** A root bus, a group, or (null) all there is; with what hangs on it. */
export interface Bed {
  readonly name: string | null
  readonly stems: readonly Stem[]
}

/** The addresses as a tree by sysfs paths; else by IOMMU group; else as one list. In the order of their addresses. */
export function bedsOf(
  facts: Facts,
  known: readonly string[],
): { by: 'paths' | 'groups' | 'nothing'; beds: readonly Bed[] } {
  const paths = facts['pci-paths']
  const groups = facts['iommu-groups'] ?? []
  if (paths) return { by: 'paths', beds: byBus(stemsOf(paths, known)) }
  const flat = (addresses: readonly string[]) =>
    addresses.toSorted(byAddress).map((address) => ({ address, below: [] }))
  if (groups.length === 0) return { by: 'nothing', beds: known.length ? [{ name: null, stems: flat(known) }] : [] }
  const grouped = new Set(groups.flatMap(({ devices }) => devices))
  const alone = known.filter((address) => !grouped.has(address))
  const beds = groups.map(({ id, devices }) => ({ name: `${id}`, stems: flat([...new Set(devices)]) }))
  return { by: 'groups', beds: alone.length ? [...beds, { name: null, stems: flat(alone) }] : beds }
}

/** Every address stands in the tree once, whatever the paths say; one that is its own parent is a root. */
function stemsOf(paths: NonNullable<Facts['pci-paths']>, known: readonly string[]): Stem[] {
  const parentOf = new Map(paths.map(({ address, parent }) => [address, parent]))
  const all = [
    ...new Set([...known, ...paths.flatMap(({ address, parent }) => [address, ...(parent ? [parent] : [])])]),
  ]
  const below = Map.groupBy(all.toSorted(byAddress), (address) => parentOf.get(address) ?? null)
  const placed = new Set<string>()
  const stem = (address: string): Stem => {
    placed.add(address)
    const free = (below.get(address) ?? []).filter((child) => !placed.has(child))
    return { address, below: free.map(stem) }
  }
  const rooted = (below.get(null) ?? []).map(stem)
  const loose = all.toSorted(byAddress).flatMap((address) => (placed.has(address) ? [] : [stem(address)]))
  return [...rooted, ...loose]
}

function byBus(stems: readonly Stem[]): Bed[] {
  const buses = Map.groupBy(stems, ({ address }) => address.split(':').slice(0, -1).join(':') || address)
  return [...buses].map(([name, on]) => ({ name, stems: on }))
}

/** Domains with four digits come before those with more, as the kernel counts. */
export const byAddress = (one: string, other: string): number =>
  one.indexOf(':') - other.indexOf(':') || (one < other ? -1 : one > other ? 1 : 0)
