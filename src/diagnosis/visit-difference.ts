import type { Visit } from './visit.ts'

/**
 * What differs between two visits. Only what both of them saw is compared. `moved`: the same vendor:device, one of its kind, at
 * another address. `regrouped`: devices that stayed, with other company than before. `renumbered`: the same company under another
 * group number. `renamed`: NICs with the same MAC under other names.
 */
export interface Difference {
  readonly gone: readonly string[]
  readonly came: readonly string[]
  readonly moved: readonly { readonly from: string; readonly to: string }[]
  readonly regrouped: readonly string[]
  readonly renumbered: readonly { readonly devices: readonly string[]; readonly from: string; readonly to: string }[]
  readonly renamed: readonly { readonly from: readonly string[]; readonly to: readonly string[] }[]
}

/** Compares two visits to one node, the earlier first. */
export function differenceBetween(before: Visit, now: Visit): Difference {
  const [was, is] = [identities(before, now), identities(now, before)]
  const stayed = [...is.keys()].filter((address) => was.has(address) && was.get(address) === is.get(address))
  const lost = [...was.keys()].filter((address) => !stayed.includes(address))
  const added = [...is.keys()].filter((address) => !stayed.includes(address))
  const moved = lost.flatMap((from) => {
    const kind = was.get(from)
    const alike = [...was.values(), ...is.values()].filter((one) => one === kind)
    const to = added.find((address) => is.get(address) === kind)
    return kind && to && alike.length === 2 ? [{ from, to }] : []
  })
  return {
    gone: lost.filter((address) => !moved.some(({ from }) => from === address)),
    came: added.filter((address) => !moved.some(({ to }) => to === address)),
    moved,
    ...regrouping(before, now, stayed),
    renamed: renaming(before.nics ?? {}, now.nics ?? {}),
  }
}

/** Addresses with vendor:device; where one of the visits has not read these, the members of the groups, all of one kind. */
function identities(visit: Visit, other: Visit): Map<string, string> {
  if (visit.devices && other.devices) return new Map(Object.entries(visit.devices))
  const grouped = [visit, other].every(({ groups }) => Object.keys(groups).length > 0)
  return new Map(
    grouped
      ? Object.values(visit.groups)
          .flat()
          .map((address) => [address, ''])
      : [],
  )
}

/** Company is compared among the devices that stayed: a newcomer alone regroups nobody. */
function regrouping(
  before: Visit,
  now: Visit,
  stayed: readonly string[],
): Pick<Difference, 'regrouped' | 'renumbered'> {
  const [was, is] = [placesIn(before, stayed), placesIn(now, stayed)]
  const regrouped = stayed.filter((address) => was.get(address)?.company !== is.get(address)?.company)
  const renumbered = new Map<string, { devices: string[]; from: string; to: string }>()
  for (const address of stayed) {
    const [from, to] = [was.get(address)?.group, is.get(address)?.group]
    if (from === undefined || to === undefined || from === to || regrouped.includes(address)) continue
    const one = renumbered.get(to) ?? { devices: [], from, to }
    renumbered.set(to, { ...one, devices: [...one.devices, address] })
  }
  return { regrouped, renumbered: [...renumbered.values()] }
}

function placesIn({ groups }: Visit, stayed: readonly string[]): Map<string, { group: string; company: string }> {
  const places = new Map<string, { group: string; company: string }>()
  for (const [group, members] of Object.entries(groups)) {
    const company = members
      .filter((address) => stayed.includes(address))
      .toSorted()
      .join(' ')
    for (const address of members) places.set(address, { group, company })
  }
  return places
}

/** By MAC, which a bond and its ports share: names that are no longer there, and names that were not there before. */
function renaming(was: NonNullable<Visit['nics']>, is: NonNullable<Visit['nics']>): Difference['renamed'] {
  return [...new Set(Object.values(was))].flatMap((mac) => {
    const named = (one: typeof was, other: typeof was) =>
      Object.keys(one).filter((name) => one[name] === mac && !Object.hasOwn(other, name))
    const [from, to] = [named(was, is), named(is, was)]
    return from.length > 0 && to.length > 0 ? [{ from, to }] : []
  })
}
