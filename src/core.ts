import type { Actor, Change, MessageRef } from './changes/change.ts'
import type { Plan } from './changes/plan.ts'
import type { Report } from './diagnosis/report.ts'
import type { Target } from './diagnosis/target.ts'
import type { Refusal } from './errors.ts'

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
