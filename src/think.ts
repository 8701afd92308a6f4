import type { Diagnosis } from './core.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import type { Target } from './diagnosis/target.ts'
import { OperatorError } from './errors.ts'
import type { Capture } from './facts/capture.ts'
import { collect } from './facts/collect.ts'
import type { Facts } from './facts/facts.ts'
import { learn } from './facts/learn.ts'
import { prescribe } from './prescribe.ts'
import { rules } from './rules/index.ts'
import type { Transport } from './ssh/transport.ts'

/** From facts to a report with its plan: all the thinking, without a node. */
export function think(facts: Facts, node: string, target: Target | null, takenAt: string | null): Diagnosis {
  return prescribe(diagnose(rules, facts, { node, target, takenAt }), facts)
}

/** Looks at a node once, and thinks about what it saw. */
export const visit = async (
  transport: Transport,
  node: string,
  target: Target | null,
  now: () => Date,
): Promise<Diagnosis> => thinkAbout(await collect(transport, node, { now }), target)

/** A capture, thought about; `node` where the capture does not name one. */
export function thinkAbout(capture: Capture, target: Target | null, node = 'unknown'): Diagnosis {
  const { facts, missing } = learn(capture)
  const guests = facts.guests ?? []
  if (target?.kind === 'vm' && facts.guests && !guests.some(({ id }) => id === target.id || id === 0)) {
    const known = guests.map(({ kind, id }) => `${kind} ${id}`).join(', ')
    throw new OperatorError('not-found', `${capture.node ?? node} has no guest ${target.id}`, {
      hint: known ? `its guests: ${known}` : 'it has no guests',
    })
  }
  return { ...think(facts, capture.node ?? node, target, capture.takenAt), missing }
}
