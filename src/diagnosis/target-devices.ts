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

/** The devices of the target: the one named, those a guest is given, or without a target all that guests are given. */
export function targetDevices(facts: Facts, target: Target | null): TargetDevices {
  if (target?.kind === 'device') return functionsOf(facts, [target.address])
  if (!facts.guests) return { devices: [], unknown: ['guests'] }
  const guests = facts.guests.filter(({ id }) => target === null || id === target.id)
  if (target && guests.length === 0) return { devices: [], unknown: ['guests'] }
  const given = guests.map((guest) => givenTo(facts, guest))
  const found = functionsOf(
    facts,
    given.flatMap((addresses) => addresses ?? []),
  )
  return given.includes(null) ? { ...found, unknown: [...found.unknown, 'mappings'] } : found
}

/** The guests that are given one of these devices. */
export const ownersOf = (facts: Facts, devices: readonly string[]): Guests =>
  (facts.guests ?? []).filter((guest) =>
    (givenTo(facts, guest) ?? []).some((slot) => devices.some((address) => within(slot, address))),
  )

/** Slots and devices a guest is configured to get; null when a mapping is named and the mappings are not known. */
export function givenTo(facts: Facts, guest: Guests[number]): string[] | null {
  const out: string[] = []
  for (const { addresses, mapping } of guest.hostpci) {
    out.push(...addresses)
    if (mapping === null) continue
    if (!facts.mappings) return null
    out.push(
      ...pathsHere(
        facts,
        facts.mappings.find(({ name }) => name === mapping),
      ),
    )
  }
  return out
}

/** A mapping's paths on this node: by the node's name as the task ids have it, else by the hardware that is here. */
function pathsHere(facts: Facts, mapping: Mappings[number] | undefined): string[] {
  const entries = mapping?.entries ?? []
  const names = new Set(entries.map(({ node }) => node))
  const self = facts.tasks?.map(({ upid }) => upid?.split(':')[1]).find((name) => name !== undefined && names.has(name))
  const here = entries.filter((entry) => {
    if (self !== undefined) return entry.node === self
    if (names.size === 1 || entry.id === null || !facts.lspci) return true
    return entry.paths.some((path) =>
      seenAddresses(facts).some((address) => {
        const device = within(path, address) ? deviceAt(facts, address) : undefined
        return device !== undefined && `${device.vendor}:${device.device}` === entry.id
      }),
    )
  })
  return here.flatMap(({ paths }) => paths)
}

/** Slots become all of their functions. A slot of which no probe has seen a function leaves the answer open. */
function functionsOf(facts: Facts, wanted: readonly string[]): TargetDevices {
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
