import { describe, expect, test } from 'vitest'
import type { State } from '../../src/changes/change.ts'
import { nextStep, type Step } from '../../src/changes/next-step.ts'
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
    ['arming', 1201, 'give-up'],
    ['armed', 1, 'announce'],
    ['armed', 601, 'stand-down'],
    ['armed', 1201, 'give-up'],
    ['rebooting', 2700, 'look'],
    ['rebooting', 2701, 'give-up'],
    ['verifying', 2700, 'verify'],
    ['verifying', 2701, 'give-up'],
    ['committing', 2700, 'commit'],
    ['committing', 2701, 'give-up'],
    ['going-back', 2700, 'go-back'],
    ['going-back', 2701, 'give-up'],
    ['closed', 1, 'nothing'],
    ['closed', 1_000_000, 'nothing'],
  ])('of a change that has been %s for %i s is %s', (state, seconds, step) => {
    expect(nextStep(aChange(state), after(seconds), rules)).toBe(step)
  })

  test('a clock that jumps back makes nothing late', () => {
    for (const state of ['approved', 'arming', 'rebooting', 'verifying'] as const) {
      expect(['expire', 'refuse', 'stand-down', 'give-up']).not.toContain(
        nextStep(aChange(state), after(-1_000_000), rules),
      )
    }
  })
})
