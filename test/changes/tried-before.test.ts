import { expect, test } from 'vitest'
import { triedBefore } from '../../src/changes/change.ts'
import { aChange, aPlan } from './a-change.ts'

const closed = (outcome: string, plan = aPlan()) =>
  ({ ...aChange('closed'), outcome, plan }) as ReturnType<typeof aChange>

test.each([
  ['went back by itself', [closed('reverted')], true],
  ['was taken back after the check', [closed('undone')], true],
  ['was kept since', [closed('done'), closed('reverted')], false],
  ['went back after it had been kept once', [closed('reverted'), closed('done')], true],
  ['never started', [closed('denied'), closed('stale'), closed('refused')], false],
  ['was never started again since it went back', [closed('expired'), closed('reverted')], true],
  ['was of other words', [closed('reverted', aPlan({ args: { add: ['iommu=pt'], remove: [] } }))], false],
  ['was on another node', [closed('reverted', aPlan({ node: 'node9' }))], false],
])('a trial that %s', (_, history, expected) => {
  expect(triedBefore(history, aPlan()) !== undefined).toBe(expected)
})
