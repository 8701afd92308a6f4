import type { Branch, Device, Root, Topology } from './topology.ts'

/** What there is room for: the tree without what was left out, and what that is. */
export interface Chosen {
  readonly roots: readonly Root[]
  readonly left: readonly Device[]
}

/** Every device, in the order of the tree. */
export const devicesOf = (roots: readonly Root[]): Device[] => {
  const all = ({ device, below }: Branch): Device[] => [device, ...below.flatMap(all)]
  return roots.flatMap(({ branches }) => branches.flatMap(all))
}

/** Is there more to say of it than what it is? */
export const matters = ({ kind, owners, troubles, aimed, regions }: Device): boolean =>
  aimed || owners.length > 0 || troubles.length > 0 || (kind === 'device' && regions.includes('direct'))

/** The devices in the order in which they deserve room: trouble, guests, who shares their groups, the host, the rest. */
export function byWeight(roots: readonly Root[]): Device[] {
  const all = devicesOf(roots)
  const first = all.filter((device) => weight(device) < GUEST + 1)
  const groups = new Set(first.flatMap(({ group }) => (group ? [group.id] : [])))
  const shares = ({ group }: Device) => group !== null && group !== undefined && groups.has(group.id)
  const weightOf = (device: Device) => Math.min(weight(device), shares(device) ? GUEST + 1 : REST)
  return all.toSorted((one, other) => weightOf(one) - weightOf(other))
}

const GUEST = 2
const REST = 6

function weight({ aimed, troubles, owners, regions }: Device): number {
  const has = (severity: string) => troubles.some((trouble) => trouble.severity === severity)
  if (aimed || has('blocker')) return 0
  if (has('warning')) return 1
  if (owners.some(({ kind }) => kind === 'guest')) return GUEST
  if (owners.length > 0) return 4
  return has('notice') || regions.includes('direct') ? 5 : REST
}

/** The tree with these devices, and the bridges that lead to them. */
function pruned({ roots }: Topology, kept: ReadonlySet<Device>): Chosen {
  const left: Device[] = []
  const prune = ({ device, below }: Branch): Branch[] => {
    const stay = below.flatMap(prune)
    if (kept.has(device) || stay.length > 0) return [{ device, below: stay }]
    left.push(device)
    return []
  }
  const rest = roots.map(({ name, branches }) => ({ name, branches: branches.flatMap(prune) }))
  return { roots: rest.filter(({ branches }) => branches.length > 0), left }
}

/**
 * As much of the tree as fits, the weightiest first; virtual functions of which there is nothing to say only where there is
 * room for all. `fits` must hold for the empty tree.
 */
export function chosen(topology: Topology, fits: (some: Chosen) => boolean): Chosen {
  const order = byWeight(topology.roots)
  const all = pruned(topology, new Set(order))
  if (fits(all)) return all
  const telling = order.filter((device) => !device.physfn || matters(device))
  const first = (count: number) => pruned(topology, new Set(telling.slice(0, count)))
  let least = 0
  let most = telling.length
  while (least < most) {
    const middle = Math.ceil((least + most) / 2)
    if (fits(first(middle))) least = middle
    else most = middle - 1
  }
  return first(least)
}

/** `… 212 more devices left out, 3 of them with a finding`; nothing when all is there. */
export function leftWords(left: readonly Device[]): string | undefined {
  if (left.length === 0) return undefined
  const bad = left.filter(({ troubles }) => troubles.some(({ severity }) => severity !== 'notice')).length
  const told = left.filter(matters).length
  const what = bad
    ? `${bad} of them with trouble`
    : told
      ? `${told} of them in use or wanted`
      : 'nothing special about them'
  return `… ${left.length} more ${left.length === 1 ? 'device' : 'devices'} left out, ${what}`
}

/** A device of the tree as a line: `lead` says for every level above it whether more follows there, its own last. */
export interface Row {
  readonly device: Device
  readonly lead: readonly boolean[]
}

/** A root's devices from top to bottom. */
export function rowsOf(branches: readonly Branch[], lead: readonly boolean[] = []): Row[] {
  return branches.flatMap(({ device, below }, index) => {
    const here = [...lead, index < branches.length - 1]
    return [{ device, lead: here }, ...rowsOf(below, here)]
  })
}
