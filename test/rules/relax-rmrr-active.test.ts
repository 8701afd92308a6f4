import { relaxRmrrActive } from '../../src/rules/relax-rmrr-active.ts'
import { intel, line, log, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const active = 'DMAR: Intel-IOMMU: assuming all RMRRs are relaxable. This can lead to instability or data loss'

testRule(relaxRmrrActive, {
  ok: {
    'not on the line': { facts: line('ro intel_iommu=on') },
    'on the line, but the kernel never took it up': {
      facts: { ...line('intel_iommu=on,relax_rmrr'), ...wholeLog('x') },
    },
    'a kernel that does not know it': {
      facts: { ...intel, ...line('intel_iommu=on,relax_rmrr'), uname: '5.15.158-2-pve' },
    },
  },
  found: {
    'the kernel says so': {
      facts: { ...line('intel_iommu=on,relax_rmrr'), ...wholeLog(active) },
      severity: 'notice',
      saw: 'instability',
      remedies: [],
    },
    'the log has wrapped, but the kernel knows what is on its line': {
      facts: { ...intel, ...line('intel_iommu=on,relax_rmrr'), ...log('x'), uname: '6.17.2-1-pve' },
    },
  },
  unknown: {
    'on the line of a kernel nobody knows': { facts: { ...intel, ...line('intel_iommu=on,relax_rmrr') } },
    'a log that begins after the boot': { facts: log('x') },
  },
})
