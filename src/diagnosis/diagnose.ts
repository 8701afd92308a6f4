import type { Facts } from '../facts/facts.ts'
import { slotOf } from './devices.ts'
import type { Report, Result } from './report.ts'
import type { Answer, Rule } from './rule.ts'
import type { Target } from './target.ts'
import { verdictOf } from './verdict.ts'
import type { Visit } from './visit.ts'

/** Of which node a report speaks, narrowed to what, and when its facts were learned. */
export interface Scope {
  readonly node: string
  readonly target: Target | null
  readonly takenAt: string | null
}

/**
 * Asks every rule, lets causes mute what they explain, and draws the one verdict. A rule that throws costs only itself.
 * `past`: what is remembered of the visit before; null where nothing is.
 */
export function diagnose(rules: readonly Rule[], facts: Facts, scope: Scope, past: Visit | null = null): Report {
  const results = muted(rules.map((rule) => ask(rule, facts, scope.target, past)))
  return { ...scope, verdict: verdictOf(results, scope), results }
}

function ask(rule: Rule, facts: Facts, target: Target | null, past: Visit | null): Result {
  const missing = rule.needs.filter((name) => facts[name] === undefined)
  if (missing.length > 0) return { rule, status: 'unknown', missing }
  try {
    return resultOf(rule, rule.check(facts, target, past))
  } catch (error) {
    return { rule, status: 'crashed', error }
  }
}

function resultOf(rule: Rule, answer: Answer): Result {
  if (answer === 'ok') return { rule, status: 'ok' }
  if ('unknown' in answer) return { rule, status: 'unknown', missing: answer.unknown }
  if (answer.evidence.length === 0) throw new Error(`${rule.id} found something without evidence`)
  return { rule, status: 'found', ...answer }
}

type Found = Extract<Result, { status: 'found' }>

/**
 * A finding is muted by the root of what explains it, wherever that stands in the list: its own causes are followed first. What
 * is wrong with another card explains nothing.
 */
function muted(results: readonly Result[]): Result[] {
  const blockers = new Map(
    results.flatMap((one) =>
      one.status === 'found' && one.severity === 'blocker' ? [[one.rule.id, one] as const] : [],
    ),
  )
  const rootOf = ({ mutedBy }: Rule, devices: readonly string[], seen: readonly string[]): string | null => {
    for (const id of mutedBy) {
      const cause = seen.includes(id) ? undefined : blockers.get(id)
      if (cause && !isApart(cause.devices, devices)) return rootOf(cause.rule, cause.devices, [...seen, id]) ?? id
    }
    return null
  }
  return results.map((result) => {
    if (result.status !== 'found') return result
    const { rule, evidence, cases = [result] } = result
    const roots = cases.map(({ devices }) => rootOf(rule, devices, [rule.id]))
    const [by = null] = roots
    if (by !== null && !roots.includes(null)) return { rule, status: 'muted', by, evidence }
    const left = cases.filter((_, at) => roots[at] === null)
    return left.length === cases.length ? result : narrowedTo(result, left)
  })
}

/** The finding as it is without the cases that something else explains. */
function narrowedTo(found: Found, cases: NonNullable<Found['cases']>): Found {
  const says = cases[0]?.says
  return {
    ...found,
    cases,
    devices: [...new Set(cases.flatMap(({ devices }) => devices))].toSorted(),
    evidence: cases.flatMap(({ evidence }) => evidence),
    ...(says !== undefined && { says }),
  }
}

/** Do both name devices, and none of one card? */
const isApart = (some: readonly string[], others: readonly string[]): boolean =>
  some.length > 0 && others.length > 0 && !some.some((one) => others.some((other) => slotOf(one) === slotOf(other)))
