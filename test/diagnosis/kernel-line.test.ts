import { expect, test } from 'vitest'
import {
  asksForPassthroughMode,
  hasToken,
  intelSwitch,
  missingFrom,
  offSwitches,
  tokensOf,
  valuesOf,
} from '../../src/diagnosis/kernel-line.ts'
import { intelDefaultOn } from '../../src/diagnosis/kernel-release.ts'

const words = (line: string) => line.split(' ').filter(Boolean)

test('a dash and an underscore are the same in a key, and what is behind -- belongs to init', () => {
  expect(valuesOf(words('vfio_pci.ids=1 vfio-pci.ids=2 -- vfio-pci.ids=3'), 'vfio-pci.ids')).toEqual(['1', '2'])
})
test('the lists of all occurrences add up', () => {
  expect(tokensOf(words('intel_iommu=on, intel_iommu=relax_rmrr'), 'intel_iommu')).toEqual(['on', 'relax_rmrr'])
  expect(hasToken(['intel_iommu=on,relax_rmrr'], 'intel_iommu', 'relax_rmrr')).toBe(true)
})
test.each([
  ['intel_iommu=on', 'on'],
  ['intel_iommu=off,relax_rmrr intel_iommu=on', 'on'],
  ['intel_iommu=on intel_iommu=off', 'off'],
  ['intel_iommu=relax_rmrr', null],
  ['', null],
])('%s: the last switch counts', (line, state) => expect(intelSwitch(words(line))).toBe(state))
test.each([
  ['iommu=pt intel_iommu=off', ['intel_iommu=off']],
  ['iommu=off amd_iommu=off', ['iommu=off', 'amd_iommu=off']],
  ['iommu=soft amd_iommu=on', ['iommu=soft']],
  ['intel_iommu=on iommu=pt', []],
])('%s: what switches it off', (line, off) => expect(offSwitches(words(line))).toEqual(off))
test.each([
  ['iommu=pt', true],
  ['iommu=pt iommu.passthrough=0', false],
  ['iommu.passthrough=1', true],
  ['iommu=on', false],
])('%s: passthrough mode', (line, asked) => expect(asksForPassthroughMode(words(line))).toBe(asked))
test.each([
  ['ro intel_iommu=on,relax_rmrr', 'intel_iommu=on', []],
  ['ro intel_iommu=on', 'intel_iommu=on,relax_rmrr iommu=pt', ['intel_iommu=on,relax_rmrr', 'iommu=pt']],
  ['ro vfio_pci.disable_vga=1', 'vfio-pci.disable_vga=1', []],
  ['pci=noaer', 'pci=realloc', ['pci=realloc']],
])('on "%s" of "%s" is missing', (line, wanted, missing) =>
  expect(missingFrom(words(line), words(wanted))).toEqual(missing),
)

test.each([
  ['5.15.35-3-pve', true],
  ['5.15.39-1-pve', false],
  ['5.15.158-2-pve', false],
  ['6.5.13-5-pve', false],
  ['6.8.12-4-pve', true],
  ['5.13.19-4-pve', null],
  ['6.8.0-31-generic', null],
])('%s switches the Intel IOMMU on by itself: %s', (release, on) => expect(intelDefaultOn(release)).toBe(on))
