import type { Facts } from '../facts/facts.ts'
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

/** A finding is muted by the root of what explains it, wherever that stands in the list: its own causes are followed first. */
function muted(results: readonly Result[]): Result[] {
  const blockers = new Map(
    results.filter((one) => one.status === 'found' && one.severity === 'blocker').map(({ rule }) => [rule.id, rule]),
  )
  const rootOf = (rule: Rule, seen: readonly string[]): string | null => {
    for (const id of rule.mutedBy) {
      const cause = seen.includes(id) ? undefined : blockers.get(id)
      if (cause) return rootOf(cause, [...seen, id]) ?? id
    }
    return null
  }
  return results.map((result) => {
    if (result.status !== 'found') return result
    const by = rootOf(result.rule, [result.rule.id])
    return by === null ? result : { rule: result.rule, status: 'muted', by, evidence: result.evidence }
  })
}
