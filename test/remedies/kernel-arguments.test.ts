import { expect, test } from 'vitest'
import type { Facts } from '../../src/facts/facts.ts'
import { kernelArguments } from '../../src/remedies/kernel-arguments.ts'

const ailment = { cause: 'iommu-off', devices: [] }
const facts = (line: string, vendor: 'intel' | 'amd' = 'intel', inFile = ''): Facts => ({
  cmdline: { line, words: line.split(' ') },
  cpu: { vendor, model: null, flags: null },
  'grub-syntax': { errors: [], values: { GRUB_CMDLINE_LINUX_DEFAULT: inFile } },
})

test.each<[string, Facts, string[], string[]]>([
  ['nothing asked for', facts('quiet'), ['intel_iommu=on', 'iommu=pt'], []],
  ['switched off', facts('quiet intel_iommu=off'), ['intel_iommu=on', 'iommu=pt'], ['intel_iommu=off']],
  [
    'other values kept',
    facts('quiet intel_iommu=igfx_off iommu=pt'),
    ['intel_iommu=igfx_off,on'],
    ['intel_iommu=igfx_off'],
  ],
  ['the switch for all', facts('quiet iommu=off'), ['intel_iommu=on', 'iommu=pt'], ['iommu=off']],
  ['AMD: only the off switch goes', facts('quiet amd_iommu=off', 'amd'), [], ['amd_iommu=off']],
  ['in the file already', facts('quiet', 'intel', 'quiet intel_iommu=on iommu=pt'), [], []],
])('%s', (_, given, add, remove) => {
  expect(kernelArguments.wish(given, ailment)).toMatchObject({ args: { add, remove } })
})

test('is cured when sysfs shows units and groups, and by nothing else', () => {
  expect(
    kernelArguments.uncured(
      { 'iommu-units': ['dmar0'], 'iommu-groups': [{ id: 0, devices: ['0000:00:00.0'] }] },
      ailment,
    ),
  ).toEqual([])
  expect(kernelArguments.uncured({ 'iommu-units': [], 'iommu-groups': [] }, ailment)).not.toEqual([])
  const echo = { 'kernel-log': { lines: ['DMAR: IOMMU enabled'], reachesBoot: true } }
  expect(kernelArguments.uncured(echo, ailment)).not.toEqual([])
})
