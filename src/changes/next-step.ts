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
  | 'mend'
  | 'go-back'
  | 'nothing'

/** Seconds a node may be out of reach in a state before the bot does something else about it. */
const PATIENCE = { approved: 600, arming: 600, armed: 600 } as const

/**
 * What to do next about a change. Pure, and all that a restart needs: ask it for every live change. However late it is, the
 * node is looked at first; `isLate` tells when an answer that does not come is the end of waiting.
 */
export function nextStep(change: Change, now: Date): Step {
  const inState = (now.getTime() - Date.parse(change.since)) / 1000
  switch (change.state) {
    case 'proposed':
      return now.getTime() >= Date.parse(change.expiresAt) ? 'expire' : 'wait'
    case 'approved':
      return inState > PATIENCE.approved ? 'refuse' : 'recheck'
    case 'arming':
      return inState > PATIENCE.arming ? 'stand-down' : 'arm'
    case 'armed':
      return inState > PATIENCE.armed ? 'stand-down' : 'announce'
    case 'rebooting':
      return 'look'
    case 'verifying':
      return 'verify'
    case 'committing':
      return 'commit'
    case 'mending':
      return 'mend'
    case 'going-back':
      return 'go-back'
    case 'closed':
      return 'nothing'
    default:
      return change satisfies never
  }
}

/** Whether a node that does not answer as it should has been given long enough: then people take over. */
export function isLate(change: Change, now: Date, policy: Policy): boolean {
  const inState = (now.getTime() - Date.parse(change.since)) / 1000
  switch (change.state) {
    case 'arming':
    case 'armed':
      return inState > 2 * PATIENCE[change.state]
    case 'rebooting':
    case 'verifying':
    case 'committing':
    case 'mending':
    case 'going-back':
      return inState > policy.guardDeadline + policy.rebootDeadline
    default:
      return false
  }
}
