import { expect, test } from 'vitest'
import { ActFailed } from '../../src/boot/act-script.ts'
import { commit } from '../../src/changes/commit.ts'
import type { Means } from '../../src/changes/means.ts'
import { aChange, OLD_BOOT } from './a-change.ts'

/** A node that lost its power in the middle of the commit, and runs these words without the trial's marker. */
function afterPowerCut(words: readonly string[], left: readonly string[] = []) {
  const acts: string[] = []
  const hands = {
    boot: async () => ({ id: OLD_BOOT, words }),
    keep: async () => {
      throw new ActFailed('changed', 'the file was edited')
    },
    takeBack: async () => {
      acts.push('take back')
      return left
    },
    standDown: async () => void acts.push('stand down'),
  }
  return { acts, told: commit(aChange('committing'), { hands } as unknown as Means) }
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
