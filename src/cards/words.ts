import type { Change, Outcome, State } from '../changes/change.ts'
import type { Tone } from './card.ts'

const STATES: Record<Exclude<State, 'closed'>, string> = {
  proposed: 'waiting for approval',
  approved: 'approved, reading the node once more',
  arming: 'preparing the trial boot',
  armed: 'trial boot ready, about to reboot',
  rebooting: 'rebooting into the trial',
  verifying: 'trial is up, being checked',
  committing: 'trial is good, being made permanent',
  mending: 'being done',
  'going-back': 'going back to the old configuration',
}

const OUTCOMES: Record<Outcome, string> = {
  denied: 'denied',
  expired: 'expired without a decision',
  cancelled: 'cancelled',
  stale: 'stale: the node is no longer what was approved',
  refused: 'refused',
  failed: 'failed',
  reverted: 'reverted: the node went back by itself',
  undone: 'undone: back on the old configuration',
  stuck: 'stuck: a person is needed',
  done: 'kept: the change is permanent',
}

const TONES: Record<Outcome, Tone> = {
  denied: 'info',
  expired: 'info',
  cancelled: 'info',
  stale: 'warn',
  refused: 'warn',
  failed: 'danger',
  reverted: 'warn',
  undone: 'warn',
  stuck: 'danger',
  done: 'ok',
}

/** The same of a change that no boot has to try. */
const IN_PLACE: Record<string, string> = {
  arming: 'being prepared',
  'going-back': 'being taken back',
  undone: 'undone: back in the old state',
  done: 'done',
}

/** Where a change stands, in a few words. */
export function stateWords(change: Change): string {
  const here = change.state === 'closed' ? change.outcome : change.state
  const inPlace = change.plan.reboot ? undefined : IN_PLACE[here]
  return inPlace ?? (change.state === 'closed' ? OUTCOMES[change.outcome] : STATES[change.state])
}

/** The colour of a change that is on its way or over; while it is proposed the findings keep theirs. */
export const changeTone = (change: Change): Tone =>
  change.state === 'closed' ? TONES[change.outcome] : change.state === 'going-back' ? 'warn' : 'info'

/** `2026-11-22 09:00 UTC`: the same for everybody in the room. */
export const utc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

/** `90 s`, `15 min`, `24 h`, `3 days`. */
export function lasting(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** `1 check`, `2 checks`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `a, b and c`. */
export const listed = (items: readonly string[], word = 'and'): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`
