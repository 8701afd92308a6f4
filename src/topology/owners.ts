import { within } from '../diagnosis/devices.ts'
import { givenTo } from '../diagnosis/target-devices.ts'
import type { Facts } from '../facts/facts.ts'

/** Who has a device, or is to have it. A guest's `state` is that of this moment; it gets the device when it starts. */
export type Owner =
  | { readonly kind: 'host'; readonly use: string; readonly name: string }
  | {
      readonly kind: 'guest'
      readonly guest: 'vm' | 'ct'
      readonly id: number
      readonly name: string | null
      readonly state: 'running' | 'stopped' | 'unknown'
      readonly onboot: boolean
    }

/** An owner with the full BDF or the slot that it claims. */
interface Claim {
  readonly place: string
  readonly owner: Owner
}

/** All that the host stands on and all that guests are given; what was not read claims nothing. */
export function claimsIn(facts: Facts): readonly Claim[] {
  const host = (facts['host-devices'] ?? []).map(({ use, name, address }) => ({
    place: address,
    owner: { kind: 'host', use, name } as const,
  }))
  const guests = (facts.guests ?? []).flatMap((guest) => {
    const { id, name, onboot } = guest
    const runs = facts.running?.some((one) => one.id === id)
    const state = runs === undefined ? 'unknown' : runs ? 'running' : 'stopped'
    const owner = { kind: 'guest', guest: guest.kind === 'lxc' ? 'ct' : 'vm', id, name, state, onboot } as const
    return [...new Set(givenTo(facts, guest))].map((place) => ({ place, owner }))
  })
  return [...host, ...guests]
}

/** The owners of a device; a guest that is given its slot and the device besides counts once. */
export const ownersAt = (claims: readonly Claim[], address: string): readonly Owner[] => [
  ...new Set(claims.filter(({ place }) => within(place, address)).map(({ owner }) => owner)),
]

/** What guests are given and no probe has seen on the node. */
export function goneFrom(claims: readonly Claim[], seen: readonly string[]) {
  const wanted = claims.filter(({ owner }) => owner.kind === 'guest').map(({ place }) => place)
  const gone = [...new Set(wanted)].filter((place) => !seen.some((address) => within(place, address)))
  return gone.map((address) => ({
    address,
    owners: claims.filter(({ place }) => place === address).map(({ owner }) => owner),
  }))
}
