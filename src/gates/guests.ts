import { runningGuests } from '../changes/blast-radius.ts'
import type { Gate } from '../changes/gate.ts'
import { closedByGuests } from '../changes/gates.ts'

/** Running guests, unless the policy shuts them down. */
export const guests: Gate = {
  id: 'guests',
  inPlace: false,
  closed: ({ facts, policy }) => closedByGuests(policy, runningGuests(facts)),
}
