import type { Facts } from '../facts/facts.ts'
import { type Guests, isOn } from '../facts/probes/guests.ts'
import type { ProbeName } from '../facts/probes.ts'
import { claimsOf } from './target-devices.ts'

/** What a guest takes for itself alone when it starts: slots and devices. `unknown`: what is missing to know all of it. */
export interface Taking {
  readonly slots: readonly string[]
  readonly unknown: readonly ProbeName[]
}

/**
 * A guest with a mediated device, or one whose host driver keeps the device, takes nothing away from others (FACTS 5.3). Of a
 * mapping with several entries here it gets the first that is free, so that it takes none of them for sure.
 */
export function takenAtStart(facts: Facts, guest: Guests[number]): Taking {
  const kept = guest.hostpci.flatMap(({ key, options }) => (options.driver === 'keep' ? [key] : []))
  const claims = claimsOf(facts, guest).filter(({ key, mediated }) => !mediated && !kept.includes(key))
  return {
    slots: claims.flatMap(({ alternatives: [only = [], ...more] }) => (more.length === 0 ? only : [])),
    unknown: [...new Set(claims.flatMap(({ unknown }) => unknown))],
  }
}

/** Guests that can be started at all: a template cannot. */
export const startable = (facts: Facts): Guests => (facts.guests ?? []).filter(({ config }) => !isOn(config.template))
