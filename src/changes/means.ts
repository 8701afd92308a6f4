import { ActFailed } from '../boot/act-script.ts'
import { OperatorError } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import type { Plan } from './plan.ts'
import type { Policy } from './policy.ts'
import type { Eyes, Hands, Tell } from './ports.ts'

/** What carrying out a step needs. */
export interface Means {
  readonly hands: Hands
  readonly eyes: Eyes
  readonly tell: Pick<Tell, 'rescue'>
  /** What the plan's remedy still finds uncured, in sentences. */
  readonly uncured: (plan: Plan, facts: Facts) => readonly string[]
  readonly policy: () => Policy
  readonly now: () => Date
}

/** A node that cannot be reached, or is still busy with an earlier act, is not wrong: it is asked again later. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof ActFailed ? error.why === 'busy' : error instanceof OperatorError && error.code !== 'act-failed'
