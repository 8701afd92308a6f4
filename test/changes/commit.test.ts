import { expect, test } from 'vitest'
import { ActFailed } from '../../src/boot/act-script.ts'
import { commit } from '../../src/changes/commit.ts'
import type { Means } from '../../src/changes/means.ts'
import { aChange, aPlan, OLD_BOOT } from './a-change.ts'

/** A node that lost its power in the middle of the commit, and runs these words without the trial's marker. */
function afterPowerCut(
  words: readonly string[],
  left: readonly string[] = [],
  { change = aChange('committing'), keeps = false, uncured = [] as string[], uname = aPlan().kernel } = {},
) {
  const acts: string[] = []
  const hands = {
    boot: async () => ({ id: OLD_BOOT, words }),
    keep: async () => {
      acts.push('keep')
      if (!keeps) throw new ActFailed('changed', 'the file was edited')
    },
    takeBack: async () => {
      acts.push('take back')
      return left
    },
    standDown: async () => {
      acts.push('stand down')
      return []
    },
  }
  const eyes = { look: async () => ({ uname }) }
  return { acts, told: commit(change, { hands, eyes, uncured: () => uncured } as unknown as Means) }
}
const { plan } = aChange('committing')

test('on its old words, with nothing left: reverted, and cleared away', async () => {
  const { told, acts } = afterPowerCut(plan.line.now)
  expect(await told).toMatchObject({ type: 'reverted' })
  expect(acts).toEqual(['take back', 'stand down'])
})

test('on the new words already, in a file that somebody has edited since: not told as reverted', async () => {
  const { told } = afterPowerCut(plan.line.kept, ['/etc/default/grub'])
  expect(await told).toMatchObject({ type: 'not-kept' })
})

test('on the new words already: kept, once the files are', async () => {
  const { told, acts } = afterPowerCut(plan.line.kept, [], { keeps: true })
  expect(await told).toMatchObject({ type: 'kept' })
  expect(acts).toEqual(['keep', 'stand down'])
})

const removing = {
  ...plan,
  args: { add: [], remove: ['quiet'] },
  line: { now: plan.line.now, kept: ['root=/dev/sda1', 'ro'] },
}
const sameLine = { ...plan, args: { add: [], remove: [] }, line: { now: plan.line.now, kept: plan.line.now } }

test.each([
  ['a word that is only taken away is still there', removing, {}],
  ['the line is the same either way, and the old kernel runs', sameLine, { uname: '6.5.11-4-pve' }],
  [
    'the line and the kernel are the same either way, and the cause is still there',
    sameLine,
    { uncured: ['vfio-pci has not got it'] },
  ],
])('on the old configuration, which looks like the new one: %s: reverted', async (_, of, seen) => {
  const change = aChange('committing', { plan: of })
  const { told, acts } = afterPowerCut(plan.line.now, [], { change, keeps: true, ...seen })
  expect(await told).toMatchObject({ type: 'reverted' })
  expect(acts).toEqual(['take back', 'stand down'])
})
