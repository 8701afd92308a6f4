import type { Plan } from './changes/plan.ts'
import type { Diagnosis, Outlook, Question } from './core.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import { targetsOf } from './diagnosis/targets.ts'
import { type Visit, visitOf } from './diagnosis/visit.ts'
import { OperatorError } from './errors.ts'
import type { Capture } from './facts/capture.ts'
import { captureFile } from './facts/capture-file.ts'
import { collect } from './facts/collect.ts'
import type { Facts } from './facts/facts.ts'
import { type Learned, learn } from './facts/learn.ts'
import { maskCapture } from './facts/mask.ts'
import type { Memory } from './memory.ts'
import { prescribe } from './prescribe.ts'
import { rules } from './rules/index.ts'
import type { Transport } from './ssh/transport.ts'
import { topologyOf } from './topology/topology.ts'

/** From facts to a report with its plan: all the thinking, without a node. `past`: what is remembered of the visit before. */
export function think(
  facts: Facts,
  { target, finding = null }: Question,
  { past = null, ...seen }: { readonly node: string; readonly takenAt: string | null; readonly past?: Visit | null },
): Diagnosis {
  const report = diagnose(rules, facts, { ...seen, target }, past)
  return { ...prescribe(report, facts, finding), targets: targetsOf(facts), topology: topologyOf(facts, report) }
}

interface VisitParts {
  readonly now: () => Date
  readonly memory?: Memory | undefined
  /** What is to be known of a plan besides: gates that are closed, how long the node was away the last times. */
  readonly outlook?: (plan: Plan, facts: Facts) => Promise<Outlook>
}

/** Looks at a node once, thinks about what it saw and about what has changed, and remembers it for the next time. */
export async function visit(
  transport: Transport,
  node: string,
  question: Question,
  { now, memory, outlook }: VisitParts,
): Promise<Diagnosis> {
  const capture = await collect(transport, node, { now })
  await turn()
  const learned = learn(capture)
  const past = (await memory?.last(node)) ?? null
  const diagnosis = conclude(capture, learned, question, { node, past })
  const seen = visitOf(learned.facts, capture.takenAt ?? now().toISOString())
  if (seen) await memory?.keep(node, seen, question.target === null ? diagnosis.report.verdict : undefined)
  const plan = diagnosis.plan && (await outlook?.(diagnosis.plan, learned.facts))
  return { ...diagnosis, ...(plan && { outlook: plan }), capture: () => captureFile(maskCapture(capture)) }
}

let last: Promise<void> = Promise.resolve()
/** One visit's thinking for each turn of the event loop: what comes in meanwhile is heard in between. */
const turn = (): Promise<void> => {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)))
  return last
}

/** A capture, thought about; `node` where the capture does not name one. */
export const thinkAbout = (capture: Capture, question: Question, node = 'unknown'): Diagnosis =>
  conclude(capture, learn(capture), question, { node, past: null })

function conclude(
  capture: Capture,
  { facts, missing }: Learned,
  question: Question,
  { node, past }: { readonly node: string; readonly past: Visit | null },
): Diagnosis {
  const { target } = question
  const guests = facts.guests ?? []
  if (target?.kind === 'vm' && facts.guests && !guests.some(({ id }) => id === target.id || id === 0)) {
    const known = guests.map(({ kind, id }) => `${kind} ${id}`).join(', ')
    throw new OperatorError('not-found', `${capture.node ?? node} has no guest ${target.id}`, {
      hint: known ? `its guests: ${known}` : 'it has no guests',
    })
  }
  return { ...think(facts, question, { node: capture.node ?? node, takenAt: capture.takenAt, past }), missing }
}
