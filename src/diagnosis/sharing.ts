import type { Facts, Known } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import { deviceAt, groupOf, isBridge, oneCard } from './devices.ts'
import type { Target } from './target.ts'
import { ownersOf, targetDevices } from './target-devices.ts'

/** `devices` of the target that are not alone, and `sharers`, the endpoints they are together with. `unknown`: what is missing to say that there are none. */
export interface Sharing {
  readonly devices: readonly string[]
  readonly sharers: readonly string[]
  readonly unknown: readonly ProbeName[]
}

/**
 * Who shares an IOMMU group with the target. Bridges, other functions of the same card and what the same guest gets anyway are
 * no sharing. While the guests are not known, a stranger in the group of a named device counts although one guest may get both.
 */
export function sharing(facts: Facts & Known<'iommu-groups'>, target: Target | null): Sharing {
  const { devices, unknown } = targetDevices(facts, target)
  const groups = facts['iommu-groups']
  const owners = new Set(ownersOf(facts, devices).map(({ id }) => id))
  const strangers = (address: string) =>
    (groupOf(groups, address)?.devices ?? []).filter(
      (other) =>
        !devices.includes(other) &&
        !oneCard(facts, address, other) &&
        !ownersOf(facts, [other]).some(({ id }) => owners.has(id)),
    )
  const others = [...new Set(devices.flatMap(strangers))]
  const sharers = others.filter((address) => {
    const device = deviceAt(facts, address)
    return device !== undefined && !isBridge(device)
  })
  const unseen = others.some((address) => !deviceAt(facts, address))
  const grouped = devices.every((address) => groupOf(groups, address))
  return {
    devices: devices.filter((address) => strangers(address).some((other) => sharers.includes(other))),
    sharers,
    unknown: unseen ? ['lspci'] : unknown.length > 0 ? unknown : grouped ? [] : ['iommu-groups'],
  }
}
