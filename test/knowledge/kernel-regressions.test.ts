import { expect, test } from 'vitest'
import { regressionsOf } from '../../src/knowledge/kernel-regressions.ts'
import { compareKernels } from '../../src/knowledge/kernel-versions.ts'

test.each([
  ['6.8.12-11-pve', []],
  ['6.8.12-12-pve', ['devices-without-power-management']],
  ['6.8.12-13-pve', []],
  ['6.14.5-1-bpo12-pve', []],
  ['6.14.8-1-bpo12-pve', ['devices-without-power-management']],
  ['6.14.8-2-pve', []],
  ['6.8.12-4-pve', ['igpu-left-out-of-the-iommu']],
  ['6.8.12-5-pve', []],
  ['6.11.0-1-pve', ['igpu-left-out-of-the-iommu']],
  ['6.11.0-2-pve', []],
  ['6.5.13-6-pve', []],
  ['6.8.12-28-pve', []],
  ['6.8.12-29-pve', ['groups-merged']],
  ['6.8.12-30-pve', []],
  ['6.8.0-31-generic', []],
  ['6.8.12-12-amd64', []],
  ['nonsense', []],
])('%s: %j', (release, ids) => expect(regressionsOf(release).map(({ id }) => id)).toEqual(ids))

test('what is called good or fixed does not have the fault, and stands on its own side', () => {
  for (const release of ['6.8.12-12-pve', '6.14.8-1-pve', '6.8.12-4-pve', '6.11.0-1-pve', '6.8.12-29-pve']) {
    for (const { id, lastGood, fixed } of regressionsOf(release)) {
      expect(regressionsOf(fixed).some((one) => one.id === id)).toBe(false)
      expect(compareKernels(fixed, release)).toBeGreaterThan(0)
      if (lastGood === null) continue
      expect(regressionsOf(lastGood).some((one) => one.id === id)).toBe(false)
      expect(compareKernels(lastGood, release)).toBeLessThan(0)
    }
  }
})
