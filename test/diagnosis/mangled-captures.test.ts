import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { Diagnosis } from '../../src/core.ts'
import { parseTarget } from '../../src/diagnosis/target.ts'
import { isRefusal, OperatorError } from '../../src/errors.ts'
import type { Capture } from '../../src/facts/capture.ts'
import { readCapture } from '../../src/facts/capture-folder.ts'
import { learn } from '../../src/facts/learn.ts'
import { probes } from '../../src/facts/probes.ts'
import { thinkAbout } from '../../src/think.ts'
import { cases } from '../rules/cases.ts'
import { longer, mangled, mangling, within } from './mangle.ts'

const full = join(import.meta.dirname, '../captures/full')
const captures = await Promise.all(
  [
    ...cases.map(({ capture, expected }) => ({ folder: capture, target: expected.target })),
    { folder: full, target: null },
  ].map(async ({ folder, target }) => ({ capture: await readCapture(folder), target })),
)

/** A loaded machine is slower than an idle one, where a report takes less than a second. */
const MOST_MS = 5000
let slowest = { ms: 0, of: 'none' }
afterAll(() => console.log(`the slowest report took ${slowest.ms.toFixed()} ms: ${slowest.of}`))

/** What the bot makes of a capture, in time; null where it refuses because the guest asked for is not there any more. */
function report(capture: Capture, target: string | null, of: string): Diagnosis | null {
  const aim = target === null ? null : parseTarget(target)
  const began = performance.now()
  try {
    return thinkAbout(capture, { target: isRefusal(aim) ? null : aim })
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'not-found') return null
    throw error
  } finally {
    const ms = performance.now() - began
    if (ms > slowest.ms) slowest = { ms, of }
    expect(ms, of).toBeLessThan(MOST_MS)
  }
}

/** What is wrong with a report, whatever the capture was: crashes, and answers that rest on nothing. */
function wrongs(capture: Capture, diagnosis: Diagnosis | null): string[] {
  const { facts } = learn(capture)
  return (diagnosis?.report.results ?? []).flatMap((result) => {
    const { rule, status } = result
    if (status === 'crashed') return [`${rule.id} crashed: ${result.error}`]
    const lacking = rule.needs.filter((name) => facts[name] === undefined)
    if (status !== 'unknown') return lacking.map((name) => `${rule.id} is ${status} without ${name}`)
    return result.missing.length === 0 ? [`${rule.id} is unknown for no reason`] : []
  })
}

test('a mangled capture makes no rule crash, and no answer rests on nothing', () => {
  const property = fc.property(fc.constantFrom(...captures), mangling, ({ capture, target }, way) => {
    const worse = mangled(capture, way)
    expect(wrongs(worse, report(worse, target, `mangled: ${way.how.join(', ')}`))).toEqual([])
  })
  fc.assert(property, { numRuns: 1500 })
}, 240_000)

describe('a capture in which nothing stands', () => {
  const blank = (exit: number): Capture => ({
    node: null,
    takenAt: null,
    probes: Object.fromEntries(probes.map(({ name }) => [name, { exit, text: '' }])),
  })
  const nothing: Capture = { node: null, takenAt: null, probes: {} }
  const targets = [null, 'vm:101', 'device:01:00.0']

  test.each(targets)('without any text leaves all unknown (%s)', (target) => {
    const { verdict, results } = report(nothing, target, 'no capture')?.report ?? {}
    expect(results?.filter(({ status }) => status !== 'unknown')).toEqual([])
    expect(verdict).toMatchObject({ status: 'unknown', cause: null })
  })
  test.each(targets)('with empty texts gives no finding, and nobody is called healthy (%s)', (target) => {
    for (const capture of [blank(0), blank(1)]) {
      const diagnosis = report(capture, target, 'empty texts')
      expect(wrongs(capture, diagnosis)).toEqual([])
      const found = diagnosis?.report.results.filter(({ status }) => status === 'found').map(({ rule }) => rule.id)
      expect(found ?? []).toEqual([])
      if (diagnosis) expect(diagnosis.report.verdict.status).toBe('unknown')
      expect(diagnosis?.plan ?? null).toBeNull()
    }
  })
})

describe('a probe of 100,000 lines', () => {
  test.each(probes.map(({ name, maxBytes }) => [name, maxBytes] as const))('%s', (name, maxBytes) => {
    const richest = captures.toSorted((one, other) => sizeOf(other.capture, name) - sizeOf(one.capture, name))[0]
    const taken = richest?.capture.probes[name]
    if (!richest || !taken) throw new Error(`no capture has ${name}`)
    for (const renumbered of [false, true]) {
      const text = longer(taken.text, 100_000, renumbered)
      for (const long of new Set([text, within(text, maxBytes)])) {
        const capture = { ...richest.capture, probes: { ...richest.capture.probes, [name]: { ...taken, text: long } } }
        const of = `${name}, ${long === text ? '100,000 lines' : 'as much as it may print'}, ${renumbered ? 'renumbered' : 'repeated'}`
        for (const target of new Set([null, richest.target]))
          expect(wrongs(capture, report(capture, target, of))).toEqual([])
      }
    }
  })
})

const sizeOf = (capture: Capture, name: string): number => capture.probes[name]?.text.length ?? -1
