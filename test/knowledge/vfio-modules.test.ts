import { expect, test } from 'vitest'
import { isVfioModule, vfioBuiltIn, vfioModuleGoneSince } from '../../src/knowledge/vfio-modules.ts'

test.each([
  ['6.8.12-4-pve', false],
  ['6.2.16-20-bpo11-pve', false],
  ['5.15.107-2-pve-relaxablermrr', false],
  ['5.15.0-122-generic', true],
  ['5.11.0-25-generic', null],
  ['6.1.0-28-amd64', null],
  [undefined, null],
])('vfio is built into %s: %s', (release, builtIn) => {
  expect(vfioBuiltIn(release)).toBe(builtIn)
})

test('vfio_virqfd is the module that went', () => {
  expect(vfioModuleGoneSince('vfio_virqfd')).toEqual([6, 2])
  expect(vfioModuleGoneSince('vfio_pci')).toBeNull()
  expect(isVfioModule('vfio_iommu_type1')).toBe(true)
  expect(isVfioModule('vfio_iommu_type')).toBe(false)
})
