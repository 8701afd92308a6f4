import { ActFailed } from '../boot/act-script.ts'
import { OperatorError } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import type { PolicyNow } from './authority.ts'
import type { Actor, Before, Change } from './change.ts'
import type { Closed } from './gate.ts'
import type { Plan } from './plan.ts'
import type { Policy } from './policy.ts'
import type { Eyes, Hands, Tell } from './ports.ts'

/** What carrying out a step needs. */
export interface Means {
  readonly hands: Hands
  readonly eyes: Eyes
  readonly tell: Pick<Tell, 'rescue' | 'hearOut'>
  /** What the plan's remedy still finds uncured, in sentences. */
  readonly uncured: (plan: Plan, facts: Facts) => readonly string[]
  /** Why a change must not start now. */
  readonly closedGates: (change: Change, facts: Facts) => Promise<readonly Closed[]>
  /** What became of the IOMMU groups of before, in sentences. */
  readonly regrouping: (groups: Before['groups'], facts: Facts) => readonly string[]
  readonly policy: () => Policy
  /** The policy as it holds for these people at this moment, their groups looked up. */
  readonly policyFor: (people: readonly Actor[]) => Promise<PolicyNow>
  /** Why nothing may be started on any node; undefined when nothing is frozen. */
  readonly frozen: () => Promise<string | undefined>
  readonly now: () => Date
}

/** A node that cannot be reached, or is still busy with an earlier act, is not wrong: it is asked again later. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof ActFailed ? error.why === 'busy' : error instanceof OperatorError && error.code !== 'act-failed'
