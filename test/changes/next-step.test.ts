import { describe, expect, test } from 'vitest'
import type { State } from '../../src/changes/change.ts'
import { isLate, nextStep, type Step } from '../../src/changes/next-step.ts'
import { aChange, policy, T0 } from './a-change.ts'

const after = (seconds: number) => new Date(Date.parse(T0) + seconds * 1000)
const rules = policy({ guardDeadline: 900, rebootDeadline: 1800 })

describe('the next step', () => {
  test.each<[State, number, Step]>([
    ['proposed', 1, 'wait'],
    ['proposed', 86_399, 'wait'],
    ['proposed', 86_400, 'expire'],
    ['approved', 1, 'recheck'],
    ['approved', 601, 'refuse'],
    ['arming', 1, 'arm'],
    ['arming', 601, 'stand-down'],
    ['arming', 100_000, 'stand-down'],
    ['armed', 1, 'announce'],
    ['armed', 601, 'stand-down'],
    ['armed', 100_000, 'stand-down'],
    ['rebooting', 1, 'look'],
    ['rebooting', 1_000_000, 'look'],
    ['verifying', 1, 'verify'],
    ['verifying', 1_000_000, 'verify'],
    ['committing', 1, 'commit'],
    ['committing', 1_000_000, 'commit'],
    ['going-back', 1, 'go-back'],
    ['going-back', 1_000_000, 'go-back'],
    ['closed', 1, 'nothing'],
    ['closed', 1_000_000, 'nothing'],
  ])('of a change that has been %s for %i s is %s', (state, seconds, step) => {
    expect(nextStep(aChange(state), after(seconds))).toBe(step)
  })

  test('a clock that jumps back makes nothing late', () => {
    for (const state of ['approved', 'arming', 'rebooting', 'verifying'] as const) {
      expect(['expire', 'refuse', 'stand-down']).not.toContain(nextStep(aChange(state), after(-1_000_000)))
      expect(isLate(aChange(state), after(-1_000_000), rules)).toBe(false)
    }
  })
})

test.each<[State, number]>([
  ['arming', 1200],
  ['armed', 1200],
  ['rebooting', 2700],
  ['verifying', 2700],
  ['committing', 2700],
  ['going-back', 2700],
])('people take over from %s after %i seconds without an answer, and not before', (state, seconds) => {
  expect(isLate(aChange(state), after(seconds), rules)).toBe(false)
  expect(isLate(aChange(state), after(seconds + 1), rules)).toBe(true)
})
