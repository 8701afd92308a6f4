import { z } from 'zod'
import type { Capture } from './capture.ts'
import type { Facts } from './facts.ts'
import { NotLearned, type Probe } from './probe.ts'
import { type ProbeName, probes } from './probes.ts'

export interface Learned {
  readonly facts: Facts
  /** Why a fact is absent, for every probe without one. */
  readonly missing: Readonly<Partial<Record<ProbeName, string>>>
}

/**
 * Makes facts of a capture. What a probe could not tell is missing, with the reason; never a default, never a throw. A text
 * longer than its probe may print counts as cut there, from wherever it comes.
 */
export function learn(capture: Capture): Learned {
  const facts: Record<string, unknown> = {}
  const missing: Partial<Record<ProbeName, string>> = {}
  for (const probe of probes as readonly Probe<ProbeName>[]) {
    const result = factOf(probe, Object.hasOwn(capture.probes, probe.name) ? capture.probes[probe.name] : undefined)
    if ('why' in result) missing[probe.name] = result.why
    else facts[probe.name] = result.fact
  }
  return { facts: facts as Facts, missing }
}

function factOf(probe: Probe, taken: Capture['probes'][string] | undefined): { fact: unknown } | { why: string } {
  if (!taken) return { why: 'not taken' }
  const { exit } = taken
  const text = taken.text.slice(0, probe.maxBytes)
  const cut = taken.cut || text.length < taken.text.length
  if (exit === null && !cut) return { why: `took longer than ${probe.seconds} s` }
  if (cut && !probe.whenCut) return { why: `printed more than ${probe.maxBytes} bytes` }
  if (exit !== null && exit > 128 && !cut) return { why: `ended by signal ${exit - 128}` }
  if (exit && text.trim() === '') return { why: reason(exit) }
  try {
    const fact = probe.parse(text)
    return { fact: cut && probe.whenCut ? probe.whenCut(fact) : fact }
  } catch (error) {
    return { why: wordsOf(error) }
  }
}

const reason = (exit: number): string =>
  exit === 127 ? 'there is no such program on the node' : `could not look (exit status ${exit})`

function wordsOf(error: unknown): string {
  if (error instanceof NotLearned) return error.message
  if (error instanceof z.ZodError) {
    const [issue] = error.issues
    return `not in the expected form${issue ? `: ${issue.path.join('.')} ${issue.message}`.replace(/: +/, ': ') : ''}`
  }
  return `could not be read: ${error instanceof Error ? error.message : String(error)}`
}
