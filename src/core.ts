import { castVote } from './changes/approval.ts'
import type { Actor, Change } from './changes/change.ts'
import { closedByGuests } from './changes/gates.ts'
import { digest, type Plan } from './changes/plan.ts'
import type { Policy } from './changes/policy.ts'
import type { ChangeStore } from './changes/ports.ts'
import type { Runner } from './changes/runner.ts'
import type { Report } from './diagnosis/report.ts'
import type { Target } from './diagnosis/target.ts'
import { isRefusal, OperatorError, type Refusal } from './errors.ts'

export interface NodeInfo {
  readonly name: string
  /** `host:port`, or what a simulated node plays. */
  readonly about: string
  readonly simulated: boolean
}

/** A visit's report with what the bot proposes for its cause. `noPlanBecause` says why there is no plan. */
export interface Diagnosis {
  readonly report: Report
  readonly plan: Plan | null
  readonly noPlanBecause: string | null
  /** What could be had besides, for notices; no plan. */
  readonly offers: readonly string[]
  /** Why a probe told nothing, by its name. */
  readonly missing?: Readonly<Record<string, string>>
}

/** What was made of a reaction or of `/pcie approve`. `says` is for the one who gave it. */
export interface VoteAnswer {
  readonly counted: boolean
  readonly says: string
}

/** All that a command or the router can ask for. Everything a chat may set in motion goes through here. */
export interface Core {
  readonly nodes: readonly NodeInfo[]
  /** Looks at the node once. Throws an `OperatorError` when it cannot be reached or read. */
  diagnose(node: string, target: Target | null): Promise<Diagnosis>
  /** Stores the plan as a proposed change. Refused while the node has a live change. */
  propose(diagnosis: Diagnosis, by: Actor): Promise<Change | Refusal>
  change(id: string): Promise<Change | undefined>
  live(): Promise<readonly Change[]>
  /** The last closed changes, newest first. */
  history(most: number): Promise<readonly Change[]>
  /** The one authorisation function for every way in: a reaction on the card, its withdrawal, /pcie approve, /pcie deny. */
  vote(id: string, vote: { by: Actor; yes: boolean; given: boolean }): Promise<VoteAnswer>
  cancel(id: string, by: Actor): Promise<VoteAnswer>
}

interface CoreParts {
  readonly nodes: readonly NodeInfo[]
  readonly visit: (node: string, target: Target | null) => Promise<Diagnosis>
  readonly runner: Runner
  readonly store: ChangeStore
  readonly closed: { last(most: number): Promise<readonly Change[]> }
  readonly policy: () => Policy
  readonly now: () => Date
  readonly newId: () => string
}

/** Joins looking, changing and approving behind the one door that chats use. */
export function createCore({ nodes, visit, runner, store, closed, policy, now, newId }: CoreParts): Core {
  const refused = ({ refused: why, hint }: Refusal): VoteAnswer => ({
    counted: false,
    says: hint ? `${why} (${hint})` : why,
  })
  return {
    nodes,
    diagnose(node, target) {
      if (!nodes.some(({ name }) => name === node)) {
        const known = nodes.map(({ name }) => name).join(', ')
        throw new OperatorError('node-unknown', `there is no node "${node}" in the configuration`, {
          hint: `known nodes: ${known}`,
        })
      }
      return visit(node, target)
    },
    async propose({ plan }, by) {
      if (!plan) return { refused: 'there is no plan to propose' }
      if (!plan.trial || !plan.bootId) {
        return {
          refused: 'this node cannot revert by itself, so lanekeeper does not carry the plan out',
          hint: plan.risks[0] ?? '',
        }
      }
      const closed = closedByGuests(policy(), plan.goesDown)
      if (closed) return { refused: closed, hint: 'then diagnose again' }
      const at = now()
      return runner.propose({
        state: 'proposed',
        id: newId(),
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
    },
    change: async (id) => (await store.get(id)) ?? (await closed.last(1000)).find((change) => change.id === id),
    live: () => store.list(),
    history: (most) => closed.last(most),
    async vote(id, vote) {
      let says = ''
      const moved = await runner.apply(
        id,
        (change) => {
          const ballot = castVote(change, policy(), vote, now().toISOString())
          says = ballot.says
          return ballot.counted
            ? { type: 'voted', votes: ballot.votes, verdict: ballot.verdict, says }
            : { refused: says }
        },
        vote.by.id,
      )
      return isRefusal(moved) ? refused(moved) : { counted: true, says }
    },
    async cancel(id, by) {
      const may = (change: Change) => change.requestedBy.id === by.id || policy().approvers.includes(by.id)
      const moved = await runner.apply(
        id,
        (change) =>
          may(change)
            ? { type: 'cancelled', by: `${by.name} (${by.id})` }
            : { refused: 'only the one who asked for a change, or an approver, can cancel it' },
        by.id,
      )
      return isRefusal(moved) ? refused(moved) : { counted: true, says: `Change ${id} is cancelled.` }
    },
  }
}
