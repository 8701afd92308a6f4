import { vendorArgumentMismatch } from '../../src/rules/vendor-argument-mismatch.ts'
import { amd, intel, line, log } from './sample.ts'
import { testRule } from './test-rule.ts'

testRule(vendorArgumentMismatch, {
  ok: {
    'Intel options on Intel': { facts: { ...intel, ...line('intel_iommu=on,relax_rmrr iommu=pt') } },
    'an AMD option that exists': { facts: { ...amd, ...line('amd_iommu=pgtbl_v2') } },
  },
  found: {
    'intel_iommu on AMD': {
      facts: { ...amd, ...line('quiet intel_iommu=on'), ...log('DMAR: IOMMU enabled') },
      severity: 'notice',
      saw: 'intel_iommu=on',
      remedies: ['drop-argument'],
    },
    'relax_rmrr on AMD': { facts: { ...amd, ...line('intel_iommu=on,relax_rmrr') }, severity: 'notice' },
    'amd_iommu=on, which is no value': { facts: { ...amd, ...line('amd_iommu=on') }, severity: 'notice' },
    'amd_iommu on Intel': { facts: { ...intel, ...line('amd_iommu=on') }, severity: 'notice' },
    'only the log tells of it': {
      facts: { ...amd, ...log("AMD-Vi: Unknown option - 'on'") },
      severity: 'notice',
      remedies: [],
    },
  },
  unknown: {
    'the line was not read': { facts: { ...amd, ...log('x') } },
    'another architecture': { facts: { cpu: { vendor: 'other', model: null, flags: null }, ...line('ro') } },
  },
})
