import { platformEnablingIommuIsRisky } from '../../src/rules/platform-enabling-iommu-is-risky.ts'
import { firmware, groups, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

const dell = firmware(['DMAR'], { sysVendor: 'Dell Inc.', product: 'PowerEdge R420' })

testRule(platformEnablingIommuIsRisky, {
  ok: {
    'nobody has complained of this board': {
      facts: { ...noIommu, ...firmware(['DMAR'], { sysVendor: 'ASUS', product: 'System Product Name' }) },
    },
    'the IOMMU runs already, so nothing is ahead': { facts: { ...dell, ...groups({ 1: ['0000:01:00.0'] }) } },
  },
  found: {
    'a board that loses its disks': {
      facts: { ...dell, ...noIommu },
      severity: 'warning',
      saw: 'Dell Inc. PowerEdge R420',
      says: /has cost the disks at the RAID controller.*https:/,
      remedies: [],
    },
    'firmware has it off as well': {
      facts: { ...noIommu, ...firmware(['APIC'], { sysVendor: 'HP', product: 'ProLiant DL360p Gen8' }) },
      severity: 'warning',
    },
  },
  unknown: {
    'the name of the board was not read': { facts: { ...noIommu, ...firmware(['DMAR']) } },
    'nobody looked whether the IOMMU runs': { facts: dell },
  },
})
