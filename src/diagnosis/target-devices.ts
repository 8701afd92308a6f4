import type { Facts } from '../facts/facts.ts'
import type { Guests } from '../facts/probes/guests.ts'
import type { Mappings } from '../facts/probes/mappings.ts'
import type { ProbeName } from '../facts/probes.ts'
import { deviceAt, seenAddresses, within } from './devices.ts'
import type { Target } from './target.ts'

/** The devices a diagnosis speaks of (full BDFs), as far as they are known; `unknown` names what is missing to know all of them. */
export interface TargetDevices {
  readonly devices: readonly string[]
  readonly unknown: readonly ProbeName[]
}

/**
 * What one hostpciN stands for on this node (FACTS 5.3), in slots and devices: the guest gets the first alternative that is
 * free. `mediated`: it gets a virtual device (mdev) that the host makes, and the host keeps the device itself.
 */
export interface Claim {
  readonly key: string
  readonly alternatives: readonly (readonly string[])[]
  readonly mediated: boolean
  readonly unknown: readonly ProbeName[]
}

/** The devices of the target: the one named, those a guest is given, or without a target all that guests are given. */
export function targetDevices(facts: Facts, target: Target | null): TargetDevices {
  if (target?.kind === 'device') return functionsOf(facts, [target.address])
  const guests = guestsOf(facts, target)
  if (!guests) return { devices: [], unknown: ['guests'] }
  const claims = guests.flatMap((guest) => claimsOf(facts, guest)).filter(({ mediated }) => !mediated)
  const found = functionsOf(facts, claims.flatMap(addressesOf))
  return { ...found, unknown: [...new Set([...found.unknown, ...claims.flatMap(({ unknown }) => unknown)])] }
}

/** The configured guest of a target, or all without one; null where it was not read. The lone text of a guest without its number is the one asked for. */
export function guestsOf({ guests }: Facts, target: Target | null): Guests | null {
  if (!guests || target?.kind !== 'vm') return guests ?? null
  const named = guests.filter(({ id }) => id === target.id)
  if (named.length > 0) return named
  return guests.length === 1 && guests[0]?.id === 0 ? guests : null
}

/** The guests that are given one of these devices. */
export const ownersOf = (facts: Facts, devices: readonly string[]): Guests =>
  guestsWith(facts, devices, ({ mediated }) => !mediated)

/** The guests that are given one of these devices, or a mediated device made of one. */
export const usersOf = (facts: Facts, devices: readonly string[]): Guests => guestsWith(facts, devices, () => true)

const guestsWith = (facts: Facts, devices: readonly string[], counts: (claim: Claim) => boolean): Guests =>
  (facts.guests ?? []).filter((guest) =>
    claimsOf(facts, guest)
      .filter(counts)
      .flatMap(addressesOf)
      .some((slot) => devices.some((address) => within(slot, address))),
  )

/** Slots and devices that go over to a guest when it starts; null when a mapping is named and what it holds here is not known. */
export function givenTo(facts: Facts, guest: Guests[number]): string[] | null {
  const claims = claimsOf(facts, guest).filter(({ mediated }) => !mediated)
  return claims.some(({ unknown }) => unknown.length > 0) ? null : claims.flatMap(addressesOf)
}

/** What a guest is configured to get, by hostpciN. */
export const claimsOf = (facts: Facts, guest: Guests[number]): Claim[] =>
  guest.hostpci.map(({ key, addresses, mapping, options }) => ({
    key,
    mediated: options.mdev !== undefined,
    ...(mapping === null ? { alternatives: [addresses], unknown: [] } : mapped(facts, guest, mapping)),
  }))

/** All that a claim may take. */
export const addressesOf = ({ alternatives }: Claim): string[] => alternatives.flat()

function mapped(facts: Facts, guest: Guests[number], name: string): Pick<Claim, 'alternatives' | 'unknown'> {
  if (!facts.mappings) return { alternatives: [], unknown: ['mappings'] }
  const entries = facts.mappings.find((mapping) => mapping.name === name)?.entries ?? []
  const nodes = new Set(entries.map(({ node }) => node))
  const self = guest.node ?? nodeOfTasks(facts, nodes)
  if (self === null && nodes.size > 1 && !facts.lspci) return { alternatives: [], unknown: ['lspci'] }
  const here = entries.filter((entry) => {
    if (self !== null) return entry.node === self
    return nodes.size === 1 || entry.id === null || isHere(facts, entry)
  })
  return { alternatives: here.map(({ paths }) => paths), unknown: [] }
}

const nodeOfTasks = (facts: Facts, nodes: ReadonlySet<string>): string | null =>
  facts.tasks?.map(({ upid }) => upid?.split(':')[1]).find((name) => name !== undefined && nodes.has(name)) ?? null

/** Is the hardware that a mapping expects at its path? */
const isHere = (facts: Facts, { id, paths }: Mappings[number]['entries'][number]): boolean =>
  paths.some((path) =>
    seenAddresses(facts).some((address) => {
      const device = within(path, address) ? deviceAt(facts, address) : undefined
      return device !== undefined && `${device.vendor}:${device.device}` === id
    }),
  )

/** Slots become all of their functions. A slot of which no probe has seen a function leaves the answer open. */
export function functionsOf(facts: Facts, wanted: readonly string[]): TargetDevices {
  const seen = seenAddresses(facts)
  const devices = new Set<string>()
  let open = false
  for (const one of wanted) {
    const functions = /\.[0-9a-f]+$/i.test(one) ? [one] : seen.filter((address) => within(one, address))
    for (const address of functions) devices.add(address)
    open ||= functions.length === 0
  }
  return { devices: [...devices].toSorted(), unknown: open ? ['lspci'] : [] }
}
