import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import type { Target } from '../../src/diagnosis/target.ts'
import { rules } from '../../src/rules/index.ts'
import { anyFacts } from './any-facts.ts'

const target = fc.constantFrom<Target | null>(
  null,
  { kind: 'vm', id: 1 },
  { kind: 'device', address: '0000:01:00.0' },
  { kind: 'device', address: '0000:01:00' },
)

test('no facts make a rule crash, and every answer rests on something', () => {
  const property = fc.property(anyFacts, target, (facts, target) => {
    const { results, verdict } = diagnose(rules, facts, { node: 'node1', target, takenAt: null })
    expect(results.filter(({ status }) => status === 'crashed')).toEqual([])
    expect(verdict.says).toMatch(/\S/)
    for (const result of results) if (result.status === 'unknown') expect(result.missing).not.toEqual([])
    if (verdict.cause !== null) expect(results.find(({ rule }) => rule.id === verdict.cause)?.status).toBe('found')
  })
  fc.assert(property, { numRuns: 1000 })
}, 60_000)
