import { expect, test } from 'vitest'
import { toHave } from '../../src/diagnosis/suggestion.ts'

const words = (line: string) => line.split(' ').filter(Boolean)

test.each([
  ['ro quiet', 'intel_iommu=on iommu=pt', { add: ['intel_iommu=on', 'iommu=pt'], remove: [] }],
  ['ro intel_iommu=on', 'intel_iommu=on', { add: [], remove: [] }],
  ['intel_iommu=on', 'intel_iommu=relax_rmrr', { add: ['intel_iommu=on,relax_rmrr'], remove: ['intel_iommu=on'] }],
  ['intel_iommu=off,sm_on', 'intel_iommu=on', { add: ['intel_iommu=on,sm_on'], remove: ['intel_iommu=off,sm_on'] }],
  [
    'vfio_pci.ids=10de:1',
    'vfio-pci.ids=10de:2',
    { add: ['vfio-pci.ids=10de:1,10de:2'], remove: ['vfio_pci.ids=10de:1'] },
  ],
  ['pci=noaer', 'pci=realloc', { add: ['pci=realloc'], remove: [] }],
])('"%s" gets "%s"', (line, wanted, suggestion) => expect(toHave(words(line), words(wanted))).toEqual(suggestion))
