import { expect, test } from 'vitest'
import { knowsRelaxRmrr } from '../../src/diagnosis/kernel-release.ts'
import { kernelLacksRelaxableRmrr } from '../../src/rules/kernel-lacks-relaxable-rmrr.ts'
import { amd, groups, guest, guests, intel, line, log, regions } from './sample.ts'
import { testRule } from './test-rule.ts'

const refused =
  'vfio-pci 0000:07:00.0: DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR requirement.  Contact your platform vendor.'

testRule(kernelLacksRelaxableRmrr, {
  ok: {
    'the kernel has it': { facts: { ...intel, uname: '6.8.12-4-pve', ...line('intel_iommu=on,relax_rmrr') } },
    'the kernel says that it has it': {
      facts: {
        ...intel,
        ...log('DMAR: Intel-IOMMU: assuming all RMRRs are relaxable. This can lead to instability or data loss'),
      },
    },
    'neither needed nor set': {
      facts: {
        ...intel,
        uname: '5.15.158-2-pve',
        ...line('ro'),
        ...groups({ 4: ['0000:04:00.0'] }),
        ...regions([4, 'msi']),
        ...guests(guest(1, ['0000:04:00.0'])),
      },
    },
    'on AMD it means nothing': { facts: { ...amd, uname: '5.15.158-2-pve', ...line('intel_iommu=relax_rmrr') } },
  },
  found: {
    needed: {
      facts: { ...intel, uname: '5.15.158-2-pve', ...log(refused) },
      severity: 'blocker',
      saw: '5.15.158-2-pve',
      remedies: [],
    },
    'set in vain': {
      facts: { ...intel, uname: '5.13.19-4-pve', ...line('intel_iommu=on,relax_rmrr') },
      severity: 'warning',
    },
    'the kernel says so': { facts: { ...intel, ...log("DMAR: Unknown option - 'relax_rmrr'") }, severity: 'warning' },
    'a build of 6.2 before the patch': {
      facts: { ...intel, uname: '6.2.16-4-pve', ...line('intel_iommu=on,relax_rmrr') },
    },
  },
  unknown: {
    'the release was not read': { facts: { ...intel, ...line('intel_iommu=on,relax_rmrr') } },
    'an old kernel, and nobody knows whether it matters': { facts: { ...intel, uname: '5.15.158-2-pve' } },
  },
})

test.each([
  ['6.2.16-13-pve', true],
  ['6.2.16-20-bpo11-pve', true],
  ['6.2.16-11-bpo11-pve', false],
  ['6.2.16-4-pve', false],
  ['5.15.108-1-pve-relaxablermrr', true],
  ['5.15.158-2-pve', false],
  ['6.5.13-5-pve', true],
  ['6.17.2-1-pve', true],
  ['7.0.14-14-pve', true],
  ['6.8.0-31-generic', false],
  ['6.1.10-1-pve', false],
  ['7.3.1-1-pve', null],
])('%s: %s', (release, knows) => expect(knowsRelaxRmrr(release)).toBe(knows))
