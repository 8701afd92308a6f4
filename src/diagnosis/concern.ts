import { addressesIn } from '../facts/address.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import { deviceAt, oneCard, within } from './devices.ts'
import type { Target } from './target.ts'
import { addressesOf, claimsOf, guestsOf } from './target-devices.ts'

/** The devices (BDFs) and slots that a line of a log names; NVIDIA's driver writes `PCI:0000:01:00`. */
export const namedBy = (line: string): string[] => addressesIn(line.replaceAll('PCI:', ' '))

/** What a diagnosis is about, for lines of a log. `open`: what is missing to know all of its devices; empty = nothing. */
export interface Concern {
  /** Is the device or slot one of the target's, or on the same card? */
  readonly has: (address: string) => boolean
  /** The devices that a line names, as far as they concern the target; while that is open, all that vfio-pci speaks of. */
  readonly namedIn: (line: string) => string[]
  readonly open: readonly ProbeName[]
}

/** The devices of the target and the other functions of their cards: the one named, a guest's, or those of all guests. */
export function concernOf(facts: Facts, target: Target | null): Concern {
  const { given, open } = givenSlots(facts, target)
  const has = (address: string) =>
    given.some((one) => within(one, address) || within(address, one) || oneCard(facts, one, address)) ||
    (open.length > 0 && deviceAt(facts, address)?.driver === 'vfio-pci')
  const namedIn = (line: string) =>
    namedBy(line).filter((address) => has(address) || (open.length > 0 && /vfio-pci/.test(line)))
  return { has, namedIn, open }
}

function givenSlots(facts: Facts, target: Target | null): { given: readonly string[]; open: readonly ProbeName[] } {
  if (target?.kind === 'device') return { given: [target.address], open: [] }
  const guests = guestsOf(facts, target)
  if (!guests || (target !== null && guests.length === 0)) return { given: [], open: ['guests'] }
  const claims = guests.flatMap((guest) => claimsOf(facts, guest))
  return { given: claims.flatMap(addressesOf), open: [...new Set(claims.flatMap(({ unknown }) => unknown))] }
}
