import { describe, expect, test } from 'vitest'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import type { Result } from '../../src/diagnosis/report.ts'
import type { Rule, Severity } from '../../src/diagnosis/rule.ts'
import { parseTarget, type Target } from '../../src/diagnosis/target.ts'
import type { Visit } from '../../src/diagnosis/visit.ts'
import { isRefusal } from '../../src/errors.ts'
import type { Facts } from '../../src/facts/facts.ts'

/** What a rule is shown, and what of its finding has to be so. */
export interface Shown {
  readonly facts: Facts
  readonly target?: string
  /** What is remembered of the visit before. */
  readonly past?: Visit
  readonly severity?: Severity
  readonly devices?: readonly string[]
  readonly remedies?: readonly string[]
  /** Part of a line of evidence. */
  readonly saw?: string
  readonly says?: RegExp
  readonly suggests?: { readonly add: readonly string[]; readonly remove: readonly string[] }
}

interface Tables {
  readonly ok: Readonly<Record<string, Shown>>
  readonly found: Readonly<Record<string, Shown>>
  readonly unknown?: Readonly<Record<string, Shown>>
}

/** Runs the tables of a rule, and what every rule owes: no answer from nothing, and none without what it needs. */
export function testRule(rule: Rule, tables: Tables): void {
  describe(rule.id, () => {
    test('says unknown when nothing was learned', () => expect(ask(rule, { facts: {} }).status).toBe('unknown'))
    for (const [status, table] of Object.entries(tables) as [Result['status'], Tables['ok']][]) {
      for (const [name, shown] of Object.entries(table)) {
        test(`${status}: ${name}`, () => holds(rule, ask(rule, shown), status, shown))
        if (status === 'unknown') continue
        test.each(rule.needs)(`unknown without %s: ${name}`, (probe) => {
          const { [probe]: _, ...facts } = shown.facts
          expect(ask(rule, { ...shown, facts })).toMatchObject({ status: 'unknown', missing: [probe] })
        })
      }
    }
  })
}

export function ask(rule: Rule, { facts, target, past }: Shown): Result {
  const [result] = diagnose([rule], facts, { node: 'node1', target: aim(target), takenAt: null }, past).results
  if (!result) throw new Error('no result')
  return result
}

export function aim(text: string | null | undefined): Target | null {
  if (text == null) return null
  const target = parseTarget(text)
  if (isRefusal(target)) throw new Error(target.refused)
  return target
}

function holds(rule: Rule, result: Result, status: string, shown: Shown): void {
  if (result.status === 'crashed') throw result.error
  expect(result.status).toBe(status)
  if (result.status === 'unknown') expect(result.missing.length).toBeGreaterThan(0)
  if (result.status !== 'found') return
  expect(result.evidence.length).toBeGreaterThan(0)
  expect(rule.remedies).toEqual(expect.arrayContaining([...result.remedies]))
  if (shown.severity) expect(result.severity).toBe(shown.severity)
  if (shown.devices) expect(result.devices).toEqual(shown.devices)
  if (shown.remedies) expect(result.remedies).toEqual(shown.remedies)
  if (shown.saw) expect(result.evidence.map(({ saw }) => saw).join('\n')).toContain(shown.saw)
  if (shown.suggests) expect(result.suggests).toEqual(shown.suggests)
  if (shown.says) expect(result.says).toMatch(shown.says)
}
