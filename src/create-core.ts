import { castVote } from './changes/approval.ts'
import { lacks, type Rank } from './changes/authority.ts'
import type { Actor, Change } from './changes/change.ts'
import type { Freezer } from './changes/freeze.ts'
import { closedByGuests } from './changes/gates.ts'
import type { Means } from './changes/means.ts'
import { digest, type Plan } from './changes/plan.ts'
import type { Policy } from './changes/policy.ts'
import type { ChangeStore } from './changes/ports.ts'
import type { Runner } from './changes/runner.ts'
import type { Core, Diagnosis, NodeInfo, Question, VoteAnswer } from './core.ts'
import { isRefusal, OperatorError, type Refusal } from './errors.ts'

interface CoreParts {
  readonly nodes: readonly NodeInfo[]
  readonly visit: (node: string, question: Question) => Promise<Diagnosis>
  readonly undoing: (change: Change) => Promise<Plan | Refusal>
  readonly runner: Runner
  readonly store: ChangeStore
  readonly closed: { last(most: number): Promise<readonly Change[]> }
  readonly policy: () => Policy
  readonly policyFor: Means['policyFor']
  readonly freezer: Freezer
  readonly now: () => Date
  readonly newId: () => string
}

/** How many closed changes are looked through for one by its id. */
const ALL = 10_000

/** Joins looking, changing and approving behind the one door that chats use. */
export function createCore(parts: CoreParts): Core {
  const { nodes, runner, store, closed, policy, policyFor, freezer, now } = parts
  const targets = new Map<string, readonly string[]>()
  const refused = ({ refused: why, hint }: Refusal): VoteAnswer => ({
    counted: false,
    says: hint ? `${why} (${hint})` : why,
  })
  const change = async (id: string) => (await store.get(id)) ?? (await closed.last(ALL)).find((one) => one.id === id)

  const mayNot = async (by: Actor, rank: Rank): Promise<Refusal | undefined> => {
    const { policy: current, untold } = await policyFor([by])
    const no = lacks(current, by, rank)
    return no && { ...no, hint: [no.hint, ...untold].join(' ') }
  }

  const propose = async ({ plan }: Pick<Diagnosis, 'plan'>, by: Actor): Promise<Change | Refusal> => {
    if (!plan) return { refused: 'there is no plan to propose' }
    const no = await mayNot(by, 'operator')
    if (no) return no
    if (!plan.trial || !plan.bootId) {
      return {
        refused: 'this node cannot revert by itself, so lanekeeper does not carry the plan out',
        hint: plan.risks[0] ?? '',
      }
    }
    const guests = closedByGuests(policy(), plan.goesDown)
    if (guests) return { refused: guests, hint: 'then diagnose again' }
    const at = now()
    return runner.propose({
      state: 'proposed',
      id: parts.newId(),
      version: 1,
      plan,
      digest: digest(plan),
      requestedBy: by,
      createdAt: at.toISOString(),
      since: at.toISOString(),
      expiresAt: new Date(at.getTime() + policy().cardExpires * 1000).toISOString(),
      votes: [],
      log: [{ at: at.toISOString(), says: `Proposed by lanekeeper for ${by.name} (${by.id}).` }],
    })
  }

  return {
    ...{ nodes, mayNot, propose, change, live: () => store.list(), history: (most) => closed.last(most) },
    frozen: () => freezer.why(),
    targets: (node) => targets.get(node) ?? [],
    async diagnose(node, question) {
      if (!nodes.some(({ name }) => name === node)) {
        const known = nodes.map(({ name }) => name).join(', ')
        throw new OperatorError('node-unknown', `there is no node "${node}" in the configuration`, {
          hint: `known nodes: ${known}`,
        })
      }
      const diagnosis = await parts.visit(node, question)
      targets.set(node, diagnosis.targets)
      return diagnosis
    },
    async undo(id, by) {
      const no = await mayNot(by, 'operator')
      if (no) return no
      const kept = await change(id)
      if (!kept) return { refused: `there is no change ${id}`, hint: '/pcie history lists what was done' }
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
        const ballot = castVote(live, current, vote, now().toISOString())
        says = ballot.says
        repeated = ballot.repeated ?? false
        return ballot.counted
          ? ({ type: 'voted', votes: ballot.votes, verdict: ballot.verdict, says } as const)
          : { refused: [says, ...untold].join(' ') }
      }
      const moved = await runner.apply(id, event, vote.by.id)
      return isRefusal(moved) ? { ...refused(moved), repeated } : { counted: true, says }
    },
    async cancel(id, by) {
      const stranger = await mayNot(by, 'approver')
      const event = ({ requestedBy }: Change) =>
        requestedBy.id === by.id || !stranger
          ? ({ type: 'cancelled', by: `${by.name} (${by.id})` } as const)
          : { refused: 'only the one who asked for a change, or an approver, can cancel it' }
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
