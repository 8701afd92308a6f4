import { expect, test } from 'vitest'
import { typosOf } from '../../src/diagnosis/typos.ts'
import { cmdlineTypo } from '../../src/rules/cmdline-typo.ts'
import { amd, device, failed, firmware, intel, line, log, lspci, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

const opened = 'vfio 0000:00:02.0: failed to open /dev/vfio/1: No such file or directory'

testRule(cmdlineTypo, {
  ok: {
    'nothing misspelt': {
      facts: {
        ...intel,
        ...line('ro quiet intel_iommu=on,relax_rmrr iommu=pt vfio_pci.ids=8086:9a49 pcie_aspm=off i915.enable_guc=3'),
      },
    },
    'amd_iommu=on is another finding': {
      facts: { ...amd, ...line('amd_iommu=on iommu=pt'), ...log("AMD-Vi: Unknown option - 'on'") },
    },
    'relax_rmrr unknown to the kernel is another finding': {
      facts: { ...intel, ...line('intel_iommu=on,relax_rmrr'), ...log("DMAR: Unknown option - 'relax_rmrr'") },
    },
    'an Intel option on AMD is another finding': { facts: { ...amd, ...line('intel_iommu=onn,relax') } },
  },
  found: {
    'a dash in place of the dot, and nothing bound the device': {
      facts: {
        ...line('vfio-pci-ids=8086:9a49'),
        ...lspci(device('0000:00:02.0', { vendor: '8086', device: '9a49' })),
        ...failed(100, [opened], null),
      },
      target: 'device:00:02.0',
      severity: 'blocker',
      saw: opened,
      remedies: ['correct-argument'],
      suggests: { add: ['vfio-pci.ids=8086:9a49'], remove: ['vfio-pci-ids=8086:9a49'] },
    },
    'the same without a failed start': { facts: line('vfio-pci-ids=8086:9a49'), severity: 'warning' },
    'it would have switched the IOMMU on': {
      facts: { ...intel, ...noIommu, ...firmware(['DMAR']), ...line('intel_immu=on') },
      severity: 'blocker',
    },
    'an option cut off by a blank goes back into its list': {
      facts: line('ro intel_iommu=on relax_rmrr'),
      suggests: { add: ['intel_iommu=on,relax_rmrr'], remove: ['relax_rmrr', 'intel_iommu=on'] },
    },
    'the kernel says so itself': {
      facts: { ...line('intel_iommu=on'), ...log("DMAR: Unknown option - 'sm_onn'") },
      severity: 'warning',
      remedies: [],
    },
    'the kernel says so, and the line was not read': { facts: log("DMAR: Unknown option - 'relaxed_rmrr'") },
  },
  unknown: { 'the line was not read': { facts: { ...intel, ...log('x') } } },
})

test.each([
  ['vfio-pci-ids=8086:9a49', 'vfio-pci.ids=8086:9a49'],
  ['intel_iommu=on,relaxed_rmrr', 'intel_iommu=on,relax_rmrr'],
  ['intel_iommu=on,pt', 'intel_iommu=on iommu=pt'],
  ['intel_iommu=1', 'intel_iommu=on'],
  ['intel_iommu', 'intel_iommu=on'],
  ['Intel_iommu=on', 'intel_iommu=on'],
  ['iommu_pt', 'iommu=pt'],
  ['relax_rmrr', 'intel_iommu=on,relax_rmrr'],
  ['intremap=no_x2apic_opt_out', 'intremap=no_x2apic_optout'],
  ['pci_acs_override=downstream', 'pcie_acs_override=downstream'],
])('%s was meant as %s', (word, meant) => expect(typosOf([word])).toEqual([{ word, meant }]))

test.each([
  'pci=noaer',
  'iommu=on',
  'amd_iommu=on',
  'intel_iommu=onx',
  'amd_iommu_dump=1',
  'video=efifb:off',
  'i915.enable_gvt=1',
  'intel_iommu=xyzzy',
])('%s is none', (word) => expect(typosOf([word])).toEqual([]))
