import { wordsOf } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import { doubtfulNoes, standing } from './approval.ts'
import type { Change, In } from './change.ts'
import { commit } from './commit.ts'
import { gateWords } from './gate.ts'
import { beforeOf, isStarting } from './gates.ts'
import { isUnreachable, type Means } from './means.ts'
import { mend } from './mend.ts'
import { isLate, nextStep, type Step } from './next-step.ts'
import { digest } from './plan.ts'
import { differences } from './plan-difference.ts'
import { reverted } from './reverted.ts'
import type { ChangeEvent } from './transition.ts'
import { leftAlone, markerOf, notBack, worse } from './verify.ts'

/** Carries out one step. Answers what happened; undefined = nothing to tell yet, ask again later. */
export async function carryOut(step: Step, change: Change, means: Means): Promise<ChangeEvent | undefined> {
  switch (step) {
    case 'expire':
      return { type: 'expired' }
    case 'refuse':
      return { type: 'refused', because: (await means.frozen()) ?? NOT_LOOKED_AT }
    case 'recheck':
      return recheck(change, means)
    case 'arm':
      return arm(change, means)
    case 'stand-down':
      return standDown(change, means, 'the node could not be prepared, or the rescue text not posted, in time')
    case 'announce':
      return announce(change as In<'armed'>, means)
    case 'look':
      return look(change as In<'rebooting'>, means)
    case 'verify':
      return verify(change as In<'verifying'>, means)
    case 'commit':
      return commit(change as In<'committing'>, means)
    case 'mend':
      return mend(change as In<'mending'>, means)
    case 'go-back':
      return goBack(change as In<'going-back'>, means)
    case 'wait':
    case 'nothing':
      return undefined
    default:
      return step satisfies never
  }
}

/** How long what the gates said before the reboot is taken for true, in milliseconds. */
const GATES_HOLD_MS = 60_000
const STILL_THERE = 'the reboot did not happen in time: the node still runs its old boot'
const NOT_LOOKED_AT =
  'the node could not be looked at or had not finished starting, or the reactions on the card could not be read, within ten minutes of the approval'

async function recheck(change: Change, means: Means): Promise<ChangeEvent | undefined> {
  const { eyes, frozen } = means
  if (await frozen()) return undefined
  const unapproved = await notApproved(change, means)
  if (unapproved) return unapproved
  const again = await eyes.replan(change)
  if (!again.plan) return { type: 'stale', because: again.because }
  if (digest(again.plan) !== change.digest) {
    return {
      type: 'stale',
      because: `the node is not as it was when the card was made (${differences(change.plan, again.plan)})`,
    }
  }
  if (isStarting(again.facts)) return undefined
  const closed = await closedNow(change, again.facts, means)
  if (closed) return { type: 'refused', because: closed }
  // What was taken back while nobody listened comes before the start; where it cannot be read, nothing starts.
  await means.tell.hearOut(change)
  if (await frozen()) return undefined
  // Looking takes seconds, in which somebody may have lost the right to approve.
  return (await notApproved(change, means)) ?? { type: 'cleared', before: beforeOf(again.facts) }
}

/** Why the change must not start now, as one sentence; undefined when all gates are open. */
async function closedNow(change: Change, facts: Facts, means: Means): Promise<string | undefined> {
  const closed = await means.closedGates(change, facts)
  return closed.length > 0 ? closed.map(gateWords).join('; ') : undefined
}

/** The approvals as they count at this moment, groups looked up. */
async function notApproved(change: Change, { policyFor }: Means): Promise<ChangeEvent | undefined> {
  const { policy, untold } = await policyFor(change.votes.map(({ by }) => by))
  const [doubtful] = untold.length > 0 ? doubtfulNoes(change, policy) : []
  if (doubtful) return { type: 'refused', because: [`${doubtful.name} said no`, ...untold].join('; ') }
  if (standing(change, policy) === 'approved') return undefined
  const because = 'by the policy of this moment the approvals do not suffice any more'
  return { type: 'refused', because: [because, ...untold].join('; ') }
}

async function arm(change: Change, means: Means): Promise<ChangeEvent | undefined> {
  const frozen = await means.frozen()
  if (frozen) return standDown(change, means, frozen)
  return orStandDown(change, means, async () => {
    await means.hands.arm(change)
    return { type: 'armed' }
  })
}

/** The rescue text first. What it took time for may have changed: the gates are looked at once more, and then nothing waits. */
async function announce(change: In<'armed'>, means: Means): Promise<ChangeEvent> {
  const already = await means.frozen()
  if (already) return standDown(change, means, already)
  await means.tell.rescue(change)
  if (nextStep(change, means.now()) !== 'announce') {
    return standDown(change, means, 'the rescue text could not be posted in time')
  }
  const closed = (await means.frozen()) ?? (await closedNow(change, await means.eyes.look(change.plan.node), means))
  return closed ? standDown(change, means, closed) : { type: 'announced' }
}

async function look(change: In<'rebooting'>, means: Means): Promise<ChangeEvent | undefined> {
  const boot = await means.hands.boot(change)
  if (boot.id === change.oldBootId) {
    const late = isLate(change, means.now(), means.policy()) ? STILL_THERE : undefined
    const not = (await means.frozen()) ?? late
    const away = means.now().getTime() - Date.parse(change.since) > GATES_HOLD_MS
    if (not || away) {
      // What is on its way down already comes up as the trial, whatever anybody wants by now, and needs no second push.
      const facts = await means.eyes.look(change.plan.node)
      if (facts.health?.system === 'stopping') return undefined
      // The gates were read before the bot was away for a while.
      const closed = not ?? (await closedNow(change, facts, means))
      if (closed) return standDown(change, means, closed)
    }
    return orStandDown(change, means, async () => {
      await means.hands.restart(change, change.oldBootId)
      return undefined
    })
  }
  if (boot.words.includes(markerOf(change))) return { type: 'came-up', bootId: boot.id }
  const because = 'it came up without the trial: the trial did not start, or did not come up well'
  return reverted(change, means.hands, because)
}

async function verify(change: In<'verifying'>, means: Means): Promise<ChangeEvent | undefined> {
  const boot = await means.hands.boot(change)
  if (!boot.words.includes(markerOf(change))) {
    return reverted(change, means.hands, 'it left the trial boot before the check was done')
  }
  if (boot.id !== change.trialBootId) return { type: 'not-cured', because: 'the node rebooted during the trial' }
  const facts = await means.eyes.look(change.plan.node)
  const wrong = [...worse(change, facts), ...means.uncured(change.plan, facts)]
  const now = means.now()
  const seconds = (since: string) => (now.getTime() - Date.parse(since)) / 1000
  if (wrong.length > 0) {
    const because = wrong.join('; ')
    if (seconds(change.since) > means.policy().settle) return { type: 'not-cured', because }
    const said = change.wellSince === null && change.log.at(-1)?.says.endsWith(because)
    return said ? undefined : { type: 'not-well-yet', because }
  }
  if (change.wellSince === null) return { type: 'well', at: now.toISOString() }
  if (seconds(change.wellSince) < means.policy().stability) return undefined
  return { type: 'proved', also: means.regrouping(change.before.groups, facts) }
}

async function goBack(change: In<'going-back'>, { hands }: Means): Promise<ChangeEvent | undefined> {
  const boot = await hands.boot(change)
  const left = await hands.takeBack(change, change.touched)
  if (boot.words.includes(markerOf(change))) {
    await hands.restart(change, boot.id)
    return undefined
  }
  const remains = [...(await hands.standDown(change)), ...leftAlone(change.plan, left)]
  const not = notBack(change, boot.words, left)
  if (not.length === 0) return { type: 'went-back', remains }
  return { type: 'stuck', because: [...new Set([change.because, ...not, ...remains])].join('; ') }
}

async function standDown(change: Change, { hands }: Means, because: string): Promise<ChangeEvent> {
  try {
    // Somebody else may have rebooted the node, into the trial: then it runs, and is checked like any other.
    const boot = await hands.boot(change)
    if (boot.words.includes(markerOf(change))) return { type: 'came-up', bootId: boot.id }
    const remains = await hands.standDown(change)
    return { type: 'failed', because: [because, ...remains].join('; ') }
  } catch (error) {
    if (isUnreachable(error)) throw error
    return { type: 'stuck', because: `${because}; and clearing away what was prepared: ${wordsOf(error)}` }
  }
}

/** An act before the trial that the node refuses: what was prepared is cleared away, and the change ends as failed. */
async function orStandDown(
  change: Change,
  means: Means,
  act: () => Promise<ChangeEvent | undefined>,
): Promise<ChangeEvent | undefined> {
  try {
    return await act()
  } catch (error) {
    if (isUnreachable(error)) throw error
    return standDown(change, means, wordsOf(error))
  }
}
