import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import { readCapture } from '../../src/facts/capture-folder.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { learn } from '../../src/facts/learn.ts'
import { rules } from '../../src/rules/index.ts'
import { think } from '../../src/think.ts'
import { cases, faults, type Outcome, tally } from './cases.ts'
import { aim } from './test-rule.ts'

const read = await Promise.all(
  cases.map(async (one) => ({ ...one, facts: learn(await readCapture(one.capture)).facts })),
)
const report = (facts: Facts, target: string | null) =>
  diagnose(rules, facts, { node: 'node1', target: aim(target), takenAt: null })

describe('failures', () => {
  const outcomes: Outcome[] = []
  afterAll(() => console.log(tally(outcomes)))

  test.each(read)('$name', ({ facts, expected }) => {
    const diagnosis = think(facts, { target: aim(expected.target) }, { node: 'node1', takenAt: null })
    const wrong = faults(expected, diagnosis)
    outcomes.push({ expected, wrong, cause: diagnosis.report.verdict.cause })
    expect(wrong).toEqual([])
  })

  test('a probe taken away makes an answer unknown at most: never found of ok, nor ok of found', () => {
    const probes = fc.constantFrom(...new Set(read.flatMap(({ facts }) => Object.keys(facts))))
    const property = fc.property(
      fc.constantFrom(...read),
      fc.uniqueArray(probes, { minLength: 1, maxLength: 4 }),
      (one, gone) => {
        const less = Object.fromEntries(Object.entries(one.facts).filter(([name]) => !gone.includes(name))) as Facts
        expect(turned(one.facts, less, one.expected.target)).toEqual([])
      },
    )
    fc.assert(property, { numRuns: 1000 })
  }, 60_000)
})

/** Rules whose answer turned round. Muted counts as found: the evidence is there. */
function turned(before: Facts, after: Facts, target: string | null): string[] {
  const side = (status: string | undefined) => (status === 'muted' ? 'found' : status)
  const later = new Map(report(after, target).results.map(({ rule, status }) => [rule.id, side(status)]))
  return report(before, target)
    .results.filter(({ rule, status }) => {
      const now = later.get(rule.id)
      return now === 'crashed' || (side(status) !== now && side(status) !== 'unknown' && now !== 'unknown')
    })
    .map(({ rule, status }) => `${rule.id}: ${status} → ${later.get(rule.id)}`)
}
