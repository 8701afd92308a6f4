import type { Change } from './change.ts'
import type { Policy } from './policy.ts'

export type Step =
  | 'wait'
  | 'expire'
  | 'recheck'
  | 'refuse'
  | 'arm'
  | 'stand-down'
  | 'announce'
  | 'look'
  | 'verify'
  | 'commit'
  | 'go-back'
  | 'give-up'
  | 'nothing'

/** Seconds a node may be out of reach in a state before the bot does something else about it. */
const PATIENCE = { approved: 600, arming: 600, armed: 600 } as const

/** What to do next about a change. Pure, and all that a restart needs: ask it for every live change. */
export function nextStep(change: Change, now: Date, policy: Policy): Step {
  const inState = (now.getTime() - Date.parse(change.since)) / 1000
  const comingBack = policy.guardDeadline + policy.rebootDeadline
  switch (change.state) {
    case 'proposed':
      return now.getTime() >= Date.parse(change.expiresAt) ? 'expire' : 'wait'
    case 'approved':
      return inState > PATIENCE.approved ? 'refuse' : 'recheck'
    case 'arming':
      if (inState > 2 * PATIENCE.arming) return 'give-up'
      return inState > PATIENCE.arming ? 'stand-down' : 'arm'
    case 'armed':
      if (inState > 2 * PATIENCE.armed) return 'give-up'
      return inState > PATIENCE.armed ? 'stand-down' : 'announce'
    case 'rebooting':
      return inState > comingBack ? 'give-up' : 'look'
    case 'verifying':
      return inState > comingBack ? 'give-up' : 'verify'
    case 'committing':
      return inState > comingBack ? 'give-up' : 'commit'
    case 'going-back':
      return inState > comingBack ? 'give-up' : 'go-back'
    case 'closed':
      return 'nothing'
    default:
      return change satisfies never
  }
}
