import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareKernels, newestKernel, sameSeries } from '../../src/knowledge/kernel-versions.ts'

const order = [
  'not a release',
  '5.13.19-4-pve',
  '5.13.19-5-pve-relaxablermrr',
  '5.15.158-2-pve',
  '6.2.16-4-pve',
  '6.2.16-13-pve',
  '6.8.4-3-pve',
  '6.8.12-9-pve',
  '6.8.12-11-pve',
  '6.14.8-2-bpo12-pve',
  '6.17.2-1-pve',
  '7.0.14-14-pve',
]

describe('kernel releases', () => {
  test('are ordered by their numbers, not by their letters', () => {
    expect(order.toReversed().toSorted(compareKernels)).toEqual(order)
  })
  test('the newest of some is the last of the order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(order, { minLength: 1 }), (some) => {
        const last = Math.max(...some.map((release) => order.indexOf(release)))
        expect(newestKernel(some)).toBe(order[last])
      }),
    )
    expect(newestKernel([])).toBeNull()
  })
  test.each([
    ['6.8.12-4-pve', '6.8.4-1-pve', true],
    ['6.14.8-2-bpo12-pve', '6.14.5-1-pve', true],
    ['6.8.12-4-pve', '6.11.0-1-pve', false],
    ['what', 'what', false],
  ])('%s and %s are of one series: %s', (one, other, same) => expect(sameSeries(one, other)).toBe(same))
})
