import type { Refusal } from '../errors.ts'
import type { Before, Change, In, Outcome, Vote } from './change.ts'

/** What can happen to a change. Each event says what has been done or seen, never what to do. */
export type ChangeEvent =
  | { type: 'voted'; votes: readonly Vote[]; verdict: 'waiting' | 'approved' | 'denied'; says: string }
  | { type: 'expired' }
  | { type: 'cancelled'; by: string }
  | { type: 'stale'; because: string }
  | { type: 'refused'; because: string }
  | { type: 'cleared'; before: Before }
  | { type: 'armed' }
  | { type: 'failed'; because: string }
  | { type: 'announced' }
  | { type: 'came-up'; bootId: string }
  | { type: 'reverted'; because: string }
  | { type: 'well'; at: string }
  | { type: 'not-well-yet'; because: string }
  /** `also`: what else is different now, in sentences. */
  | { type: 'proved'; also?: readonly string[] }
  | { type: 'not-cured'; because: string }
  | { type: 'kept'; remains: string | null }
  | { type: 'not-kept'; because: string }
  /** `remains`: what is not as it was all the same, in sentences. */
  | { type: 'went-back'; remains?: readonly string[] }
  | { type: 'stuck'; because: string }

/** Moves a change. Pure: the answer is the next record, or why that event cannot be taken in this state. */
export function transition(change: Change, event: ChangeEvent, at: string): Change | Refusal {
  const { plan } = change
  const says = wordsFor(event, change)
  const next = {
    ...change,
    version: change.version + 1,
    log: says ? [...change.log, { at, says }] : change.log,
  }
  const enter = { ...next, since: at }
  const close = (outcome: Outcome, because: string): In<'closed'> => {
    const { id, version, digest, requestedBy, createdAt, expiresAt, votes, away, log } = enter
    const kept = { id, version, plan, digest, requestedBy, createdAt, since: at, expiresAt, votes, away, log }
    return { ...kept, state: 'closed', outcome, because }
  }
  const goBack = (because: string, touched: boolean) =>
    ({ ...enter, because, touched, state: 'going-back' }) as In<'going-back'>
  /** Rebooted by somebody else before we did: the trial runs all the same. */
  const trialRuns = (trialBootId: string) =>
    ({ ...enter, oldBootId: change.plan.bootId, trialBootId, wellSince: null, state: 'verifying' }) as In<'verifying'>
  /** Without a reboot there is one boot from beginning to end. */
  const inPlace = () =>
    ({ ...enter, oldBootId: plan.bootId, trialBootId: plan.bootId, state: 'mending' }) as In<'mending'>
  switch (change.state) {
    case 'proposed':
    case 'approved':
      if (event.type === 'voted') {
        const voted = { ...next, votes: [...event.votes] }
        if (event.verdict === 'denied') return { ...close('denied', event.says), votes: [...event.votes] }
        const state = event.verdict === 'approved' ? 'approved' : 'proposed'
        return state === change.state ? (voted as Change) : ({ ...voted, since: at, state } as Change)
      }
      if (event.type === 'cancelled') return close('cancelled', `cancelled by ${event.by}`)
      if (event.type === 'expired' && change.state === 'proposed') return close('expired', 'nobody decided in time')
      if (event.type === 'stale') return close('stale', event.because)
      if (change.state === 'approved') {
        if (event.type === 'refused') return close('refused', event.because)
        if (event.type === 'cleared') return { ...enter, before: event.before, state: 'arming' } as In<'arming'>
      }
      break
    case 'arming':
      if (event.type === 'came-up') return trialRuns(event.bootId)
      if (event.type === 'armed') return plan.reboot ? ({ ...enter, state: 'armed' } as In<'armed'>) : inPlace()
      if (event.type === 'failed') return close('failed', event.because)
      if (event.type === 'stuck') return close('stuck', event.because)
      break
    case 'armed':
      if (event.type === 'came-up') return trialRuns(event.bootId)
      if (event.type === 'announced')
        return { ...enter, oldBootId: change.plan.bootId, state: 'rebooting' } as In<'rebooting'>
      if (event.type === 'failed') return close('failed', event.because)
      if (event.type === 'stuck') return close('stuck', event.because)
      break
    case 'rebooting':
      if (event.type === 'came-up') {
        if (event.bootId === change.oldBootId) return { refused: 'a boot that is the old one has not come up anew' }
        const away = (Date.parse(at) - Date.parse(change.since)) / 1000
        return { ...enter, away, trialBootId: event.bootId, wellSince: null, state: 'verifying' } as In<'verifying'>
      }
      if (event.type === 'reverted') return close('reverted', event.because)
      if (event.type === 'failed') return close('failed', event.because)
      if (event.type === 'stuck') return close('stuck', event.because)
      break
    case 'verifying':
      if (event.type === 'well') return { ...next, wellSince: change.wellSince ?? event.at } as In<'verifying'>
      if (event.type === 'not-well-yet') return { ...next, wellSince: null } as In<'verifying'>
      if (event.type === 'proved') return { ...enter, state: 'committing' } as In<'committing'>
      if (event.type === 'not-cured') return goBack(event.because, false)
      if (event.type === 'reverted') return close('reverted', event.because)
      if (event.type === 'stuck') return close('stuck', event.because)
      break
    case 'committing':
      if (event.type === 'kept') return close('done', 'the trial was well')
      if (event.type === 'not-kept') return goBack(event.because, true)
      if (event.type === 'reverted') return close('reverted', event.because)
      if (event.type === 'stuck') return close('stuck', event.because)
      break
    case 'mending':
      if (event.type === 'kept') return close('done', 'done, and looked at again')
      if (event.type === 'not-kept') return goBack(event.because, true)
      if (event.type === 'stuck') return close('stuck', event.because)
      break
    case 'going-back':
      if (event.type === 'went-back') return close('undone', [change.because, ...(event.remains ?? [])].join('; '))
      if (event.type === 'stuck') return close('stuck', event.because)
      break
    case 'closed':
      break
    default:
      change satisfies never
  }
  return { refused: `change ${change.id} is ${change.state}, which cannot take "${event.type}"` }
}

/** The line of the timeline; a look that shows nothing new has none. */
function wordsFor(event: ChangeEvent, { plan }: Change): string | undefined {
  switch (event.type) {
    case 'voted':
      return event.says
    case 'expired':
      return 'The card has expired.'
    case 'cancelled':
      return `Cancelled by ${event.by}.`
    case 'stale':
      return `Stale, nothing was done: ${event.because}`
    case 'refused':
      return `Refused, nothing was done: ${event.because}`
    case 'cleared':
      return `The node was looked at once more: same plan. Preparing ${plan.reboot ? 'the trial boot' : 'the change'}.`
    case 'armed':
      return plan.reboot
        ? 'The trial entry, the guard and the backups are on the node, read back and checked.'
        : 'Copies of what is changed and the way back are on the node. Making the change.'
    case 'failed':
      return `${plan.reboot ? 'The trial boot was not started' : 'The change was not begun'}, and the node is as it was: ${event.because}`
    case 'announced':
      return 'Rescue text posted. Rebooting into the trial.'
    case 'came-up':
      return 'The node is up in the trial boot. Checking it.'
    case 'reverted':
      return `The node went back by itself to its old configuration: ${event.because}`
    case 'well':
      return undefined
    case 'not-well-yet':
      return `Not well yet: ${event.because}`
    case 'proved':
      return `The trial is well: ${plan.undoes ? 'the earlier arguments are live' : 'cause gone'}, nothing worse. Making it permanent.${(event.also ?? []).map((says) => `\n${says}`).join('')}`
    case 'not-cured':
    case 'not-kept':
      return `Going back to the old configuration: ${event.because}`
    case 'kept':
      if (!plan.reboot) return 'Done, read back, and looked at again: the cause is gone.'
      return event.remains === null
        ? 'Kept: permanent configuration written, generated anew and read back; guard and trial entry removed.'
        : `Kept: permanent configuration written, generated anew and read back. Left behind: ${event.remains}`
    case 'went-back':
      return `The node is back on its old ${plan.reboot ? 'configuration' : 'state'}.`
    case 'stuck':
      return `A person is needed: ${event.because}`
    default:
      return event satisfies never
  }
}
