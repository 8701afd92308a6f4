import { castVote } from './changes/approval.ts'
import { lacks, type Rank } from './changes/authority.ts'
import { notCarriedOut } from './changes/by-hand.ts'
import { type Actor, type Change, tookBack } from './changes/change.ts'
import type { Freezer } from './changes/freeze.ts'
import { gateWords } from './changes/gate.ts'
import { closedByGuests } from './changes/gates.ts'
import type { Means } from './changes/means.ts'
import { digest, type Plan } from './changes/plan.ts'
import type { Policy } from './changes/policy.ts'
import type { ClosedChanges } from './changes/ports.ts'
import type { Runner } from './changes/runner.ts'
import type { Core, Diagnosis, VoteAnswer } from './core.ts'
import { isRefusal, type Refusal } from './errors.ts'
import { createLooking, type LookingParts } from './looking.ts'

interface CoreParts extends LookingParts {
  readonly undoing: (change: Change) => Promise<Plan | Refusal>
  readonly runner: Runner
  readonly closed: ClosedChanges
  readonly trail: Core['trail']
  readonly policy: () => Policy
  readonly policyFor: Means['policyFor']
  readonly freezer: Freezer
  readonly now: () => Date
}

/** Joins looking, changing and approving behind the one door that chats use. */
export function createCore(parts: CoreParts): Core {
  const { nodes, runner, store, closed, policy, policyFor, freezer, now } = parts
  const refused = ({ refused: why, hint }: Refusal): VoteAnswer => ({
    counted: false,
    says: hint ? `${why} (${hint})` : why,
  })
  const change = async (id: string) => (await store.get(id)) ?? (await closed.last(1, (one) => one.id === id))[0]

  const takenBackBy = async (id: string) => (await closed.last(1, (one) => tookBack(one, id)))[0]?.id

  const mayNot = async (by: Actor, rank: Rank): Promise<Refusal | undefined> => {
    const { policy: current, untold } = await policyFor([by])
    const no = lacks(current, by, rank)
    return no && { ...no, hint: [no.hint, ...untold].join(' ') }
  }

  const propose = async ({ plan, id: look }: Pick<Diagnosis, 'plan' | 'id'>, by: Actor): Promise<Change | Refusal> => {
    if (!plan) return { refused: 'there is no plan to propose' }
    const no = await mayNot(by, 'operator')
    if (no) return no
    const idle = notCarriedOut(plan)
    if (idle) return idle
    const guests = closedByGuests(policy(), plan.goesDown)
    if (guests) return { refused: gateWords(guests), hint: 'then diagnose again' }
    const at = now()
    return runner.propose({
      state: 'proposed',
      id: `c${parts.newId()}`,
      version: 1,
      plan,
      digest: digest(plan),
      requestedBy: by,
      createdAt: at.toISOString(),
      since: at.toISOString(),
      expiresAt: new Date(at.getTime() + policy().cardExpires * 1000).toISOString(),
      votes: [],
      away: null,
      log: [
        {
          at: at.toISOString(),
          says: `Proposed by lanekeeper for ${by.name} (${by.id})${look ? `, after diagnosis ${look}` : ''}.`,
        },
      ],
    })
  }

  return {
    ...createLooking(parts),
    ...{
      nodes,
      mayNot,
      propose,
      change,
      live: () => store.list(),
      history: (most) => closed.last(most),
      trail: parts.trail,
    },
    frozen: () => freezer.why(),
    takenBackBy,
    async undo(id, by) {
      const no = await mayNot(by, 'operator')
      if (no) return no
      const kept = await change(id)
      if (!kept) return { refused: `there is no change ${id}`, hint: '/pcie history lists what was done' }
      const back = await takenBackBy(id)
      if (back) return { refused: `change ${id} has been taken back already, by change ${back}` }
      const plan = await parts.undoing(kept)
      return isRefusal(plan) ? plan : propose({ plan }, by)
    },
    async vote(id, vote) {
      const frozen = vote.yes && vote.given ? await freezer.why() : undefined
      if (frozen) return { counted: false, says: `${frozen}, so nothing can be approved now.` }
      const people = [vote.by, ...((await store.get(id))?.votes ?? []).map(({ by }) => by)]
      const { policy: current, untold } = await policyFor(people)
      let says = ''
      let repeated = false
      const event = (live: Change) => {
        const ballot = castVote(live, current, vote, now().toISOString(), untold)
        says = ballot.says
        repeated = ballot.repeated ?? false
        return ballot.counted
          ? ({ type: 'voted', votes: ballot.votes, verdict: ballot.verdict, says } as const)
          : { refused: [says, ...untold].join(' ') }
      }
      const moved = await runner.apply(id, event, vote.by.id)
      return isRefusal(moved) ? { ...refused(moved), repeated } : { counted: true, says: [says, ...untold].join(' ') }
    },
    async cancel(id, by) {
      const stranger = await mayNot(by, 'approver')
      const event = ({ requestedBy, state }: Change) => {
        if (requestedBy.id !== by.id && stranger)
          return { refused: 'only the one who asked for a change, or an approver, can cancel it' }
        return state === 'proposed' || state === 'approved'
          ? ({ type: 'cancelled', by: `${by.name} (${by.id})` } as const)
          : {
              refused: `too late: change ${id} is ${state}, and is brought to its end`,
              hint: `the node goes back by itself unless the trial is well; once it is kept, /pcie undo ${id} takes it back`,
            }
      }
      const moved = await runner.apply(id, event, by.id)
      return isRefusal(moved) ? refused(moved) : { counted: true, says: `Change ${id} is cancelled.` }
    },
    async freeze(by, seconds) {
      const no = await mayNot(by, 'operator')
      if (no) return refused(no)
      await freezer.freeze(by, seconds)
      return { counted: true, says: `${await freezer.why()}. What is rebooting already is brought to its end.` }
    },
    async thaw(by) {
      const no = await mayNot(by, 'approver')
      if (no) return refused(no)
      const held = await freezer.thaw(by)
      return { counted: held, says: held ? 'Changes can be approved and started again.' : 'Nothing was frozen.' }
    },
  }
}
