import type { Facts } from '../facts/facts.ts'
import type { Change } from './change.ts'
import type { Plan } from './plan.ts'
import type { Policy } from './policy.ts'

/** What a gate looks at: the node as it is now, the policy, the clock, and what else is under way. */
export interface GateView {
  readonly facts: Facts
  readonly policy: Policy
  readonly plan: Pick<Plan, 'node' | 'reboot'>
  readonly now: Date
  /** Other live changes. */
  readonly others: readonly Change[]
  /** The change itself; null while it is only being proposed. */
  readonly change: Change | null
}

/** Why nothing may start now, and what opens it, done by whom: sentences without a full stop. */
export interface Closed {
  readonly because: string
  readonly opens: string
}

/** One thing that has to hold before a change starts. Pure. What could not be read is closed. */
export interface Gate {
  readonly id: string
  /** Asked before a change that no boot has to try, too. */
  readonly inPlace: boolean
  closed(view: GateView): Closed | null
}

/** The gates that are closed, in the order of the list; those of an in-place change are fewer. */
export const closedGates = (gates: readonly Gate[], view: GateView): readonly Closed[] =>
  gates
    .filter(({ inPlace }) => inPlace || view.plan.reboot)
    .flatMap((gate) => {
      const closed = gate.closed(view)
      return closed ? [closed] : []
    })

/** A closed gate as one sentence. */
export const gateWords = ({ because, opens }: Closed): string => `${because}: ${opens}`
