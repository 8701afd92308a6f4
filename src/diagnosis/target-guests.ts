import type { Facts } from '../facts/facts.ts'
import type { Guests } from '../facts/probes/guests.ts'
import type { ProbeName } from '../facts/probes.ts'
import { within } from './devices.ts'
import type { Target } from './target.ts'
import { addressesOf, type Claim, claimsOf, guestsOf } from './target-devices.ts'

type Guest = Guests[number]

/** A guest that is given devices, with those of its hostpci lines that the target is about. */
export interface TargetGuest {
  readonly guest: Guest
  readonly lines: readonly GivenLine[]
}

/** One hostpci line as it is configured, and what it stands for on this node. */
export interface GivenLine {
  readonly entry: Guest['hostpci'][number]
  readonly claim: Claim
}

/** The guests with passed-through devices that a diagnosis speaks of; `unknown` names what is missing to know all of them. */
export function targetGuests(
  facts: Facts,
  target: Target | null,
): { guests: readonly TargetGuest[]; unknown: readonly ProbeName[] } {
  const guests = guestsOf(facts, target)
  if (!guests) return { guests: [], unknown: ['guests'] }
  const all = guests.map((guest) => ({ guest, lines: linesOf(facts, guest) }))
  const unknown = new Set(all.flatMap(({ lines }) => lines.flatMap(({ claim }) => claim.unknown)))
  const about = all
    .map(({ guest, lines }) => ({ guest, lines: lines.filter(({ claim }) => concerns(target, claim)) }))
    .filter(({ lines }) => lines.length > 0)
  return { guests: about, unknown: [...unknown] }
}

const linesOf = (facts: Facts, guest: Guest): GivenLine[] => {
  const claims = claimsOf(facts, guest)
  return guest.hostpci.flatMap((entry, at) => (claims[at] ? [{ entry, claim: claims[at] }] : []))
}

const concerns = (target: Target | null, claim: Claim): boolean =>
  target?.kind !== 'device' ||
  addressesOf(claim).some((slot) => within(slot, target.address) || within(target.address, slot))

/** A hostpci line as evidence. */
export const lineShown = ({ id, config }: Guest, { key }: { key: string }) =>
  ({ saw: `${id ? `guest ${id}: ` : ''}${key}: ${config[key] ?? ''}`.trimEnd(), probe: 'guests' }) as const

/** Any other line of a guest's configuration as evidence; one that is missing is said to be. */
export const configShown = ({ id, config }: Guest, key: string) =>
  ({
    saw: `${id ? `guest ${id}: ` : ''}${config[key] === undefined ? `no ${key} line` : `${key}: ${config[key]}`}`,
    probe: 'guests',
  }) as const
