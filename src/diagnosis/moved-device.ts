import type { Facts } from '../facts/facts.ts'
import type { Lspci } from '../facts/probes/lspci.ts'
import { isBridge, slotOf } from './devices.ts'
import type { MissingDevice } from './missing-devices.ts'
import { addressesOf, claimsOf } from './target-devices.ts'
import { takes, vfioIds } from './vfio-ids.ts'
import type { Visit } from './visit.ts'

/** What a missing device was, and where one of its kind is that no guest has: addresses in the form that was configured. */
export interface Whereabouts {
  /** vendor:device, and who told; null where nobody did. */
  readonly kind: string | null
  readonly toldBy: 'the mapping' | 'the last visit' | 'the ids of vfio-pci' | null
  readonly places: readonly string[]
}

/**
 * Looks for it among the free devices: by what the mapping stores, what the last visit saw there, and failing both by the ids
 * that vfio-pci is to take.
 */
export function whereabouts(
  facts: Facts,
  past: Visit | null,
  { address, mapping }: MissingDevice,
  free: Lspci,
): Whereabouts {
  if (address === null) return { kind: null, toldBy: null, places: [] }
  const stored = mapping === null ? null : kindStored(facts, mapping, address)
  const kind = stored ?? past?.devices?.[address] ?? past?.devices?.[`${address}.0`] ?? null
  if (kind !== null) {
    const toldBy = stored === null ? 'the last visit' : 'the mapping'
    return { kind, toldBy, places: placesOf(ofKind(free, kind), address) }
  }
  const ids = vfioIds(facts).given.map(({ id }) => id)
  const taken = free.filter((one) => ids.some((id) => takes(id, one)))
  const places = placesOf(firstFunctions(taken), address)
  return { kind: null, toldBy: places.length > 0 ? 'the ids of vfio-pci' : null, places }
}

/** The vendor:device that a mapping stores for one of its paths; null where it stores none. */
export const kindStored = (facts: Facts, mapping: string, path: string): string | null =>
  facts.mappings
    ?.filter(({ name }) => name === mapping)
    .flatMap(({ entries }) => entries)
    .find(({ paths }) => paths.includes(path))?.id ?? null

/** The devices that no guest is given and no mapping names; no bridges. */
export function freeDevices(facts: Facts): Lspci {
  const given = (facts.guests ?? []).flatMap((guest) => claimsOf(facts, guest)).flatMap(addressesOf)
  const named = (facts.mappings ?? []).flatMap(({ entries }) => entries.flatMap(({ paths }) => paths))
  const taken = new Set([...given, ...named])
  return (facts.lspci ?? []).filter(
    (one) => !isBridge(one) && !taken.has(one.address) && !taken.has(slotOf(one.address)),
  )
}

/** Those of a kind (vendor:device). */
export const ofKind = (devices: Lspci, kind: string): Lspci =>
  devices.filter(({ vendor, device }) => `${vendor}:${device}` === kind)

/** Of each card the first function: the others go with it. */
const firstFunctions = (devices: readonly Lspci[number][]): Lspci[number][] =>
  devices.filter((one, at) => devices.findIndex((other) => slotOf(other.address) === slotOf(one.address)) === at)

/** A slot was configured: slots. Otherwise the devices themselves. */
const placesOf = (devices: readonly Lspci[number][], configured: string): string[] => [
  ...new Set(devices.map(({ address }) => (configured === slotOf(configured) ? slotOf(address) : address))),
]
