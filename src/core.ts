import type { Cast } from './changes/approval.ts'
import type { Rank } from './changes/authority.ts'
import type { Actor, Change } from './changes/change.ts'
import type { Closed } from './changes/gate.ts'
import type { Plan } from './changes/plan.ts'
import type { AuditLine } from './changes/ports.ts'
import type { Glance, Known } from './diagnosis/glance.ts'
import type { Report } from './diagnosis/report.ts'
import type { Target } from './diagnosis/target.ts'
import type { Refusal } from './errors.ts'
import type { Topology } from './topology/topology.ts'

export interface NodeInfo {
  readonly name: string
  /** `host:port`, or what a simulated node plays. */
  readonly about: string
  readonly simulated: boolean
  /** What it is grouped by: `/pcie diagnose label:<label>`. */
  readonly labels: readonly string[]
}

/** What could be had for a finding that is not the cause: `/pcie fix <node> <finding>` proposes it. */
export interface Offer {
  readonly finding: string
  readonly says: string
}

/** What is to be known of a plan besides: why it must not be carried out at this moment, and the seconds that the node's last reboots took (null = not known). */
export interface Outlook {
  readonly closedGates: readonly Closed[]
  readonly away: number | null
}

/** A visit's report with what the bot proposes for its cause. `noPlanBecause` says why there is no plan. */
export interface Diagnosis {
  /** What the log calls this look, as the card does; a capture that is replayed has none. */
  readonly id?: string
  readonly report: Report
  readonly plan: Plan | null
  readonly noPlanBecause: string | null
  readonly offers: readonly Offer[]
  readonly outlook?: Outlook
  /** Why a probe told nothing, by its name. */
  readonly missing?: Readonly<Record<string, string>>
  /** The capture of the visit as one file, masked; made when it is asked for. */
  readonly capture?: () => Uint8Array
  /** What of the node a diagnosis can be narrowed to: `vm:101`, `device:0000:01:00.0`. */
  readonly targets: readonly string[]
  /** The node's PCI devices, with the findings on them. */
  readonly topology: Topology
}

/** What is asked of a node: narrowed to a guest or device, the plan for another finding than the cause. */
export interface Question {
  readonly target: Target | null
  readonly finding?: string | null
}

/** What was made of a reaction, a command that decides, a freeze. `says` is for the one who gave it. */
export interface VoteAnswer {
  readonly counted: boolean
  readonly says: string
  /** It was said before, or there was nothing to take back: a reaction like that needs no answer. */
  readonly repeated?: boolean
}

/** All that a command or the router can ask for. Everything a chat may set in motion goes through here. */
export interface Core {
  readonly nodes: readonly NodeInfo[]
  /** Why the policy of this moment does not let a person do this; undefined when it does. */
  mayNot(by: Actor, rank: Rank): Promise<Refusal | undefined>
  /** Looks at the node once. Throws an `OperatorError` when it cannot be reached or read. */
  diagnose(node: string, question: Question): Promise<Diagnosis>
  /** Looks at these nodes, some at a time, each within its own deadline; `heard` gets each as it is through. Never throws. */
  survey(nodes: readonly string[], heard: (glance: Glance) => void): Promise<readonly Glance[]>
  /** What the last look at each node found, as far as it is remembered. Looks at none. */
  known(): Promise<ReadonlyMap<string, Known>>
  /** What the last look at a node found that a diagnosis can be narrowed to. */
  targets(node: string): readonly string[]
  /** Stores the plan as a proposed change. Refused while the node has a live change. */
  propose(diagnosis: Pick<Diagnosis, 'plan' | 'id'>, by: Actor): Promise<Change | Refusal>
  /** Proposes the plan that takes a kept change back: it goes the same way, approval and trial included. */
  undo(id: string, by: Actor): Promise<Change | Refusal>
  change(id: string): Promise<Change | undefined>
  /** The id of the kept change that took this one back. */
  takenBackBy(id: string): Promise<string | undefined>
  live(): Promise<readonly Change[]>
  /** The last closed changes, newest first. */
  history(most: number): Promise<readonly Change[]>
  /** The last lines of the audit trail, newest first. */
  trail(most: number): Promise<readonly AuditLine[]>
  /** The one authorisation function for every way in: a reaction on the card, its withdrawal, /pcie approve, /pcie deny. */
  vote(id: string, vote: Cast): Promise<VoteAnswer>
  cancel(id: string, by: Actor): Promise<VoteAnswer>
  /** Why nothing is started at present; undefined when nothing is frozen. */
  frozen(): Promise<string | undefined>
  /** Stops every start of a change on every node, for some seconds or (null) until somebody thaws. */
  freeze(by: Actor, seconds: number | null): Promise<VoteAnswer>
  thaw(by: Actor): Promise<VoteAnswer>
}
