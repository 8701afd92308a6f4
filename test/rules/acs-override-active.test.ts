import { acsOverrideActive } from '../../src/rules/acs-override-active.ts'
import { line, log, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const enabled = 'Warning: PCIe ACS overrides enabled; This may allow non-IOMMU protected peer-to-peer DMA'
const pve = { uname: '6.8.12-4-pve' }

testRule(acsOverrideActive, {
  ok: {
    'nobody asked for it': { facts: line('quiet iommu=pt') },
    'behind the dashes it goes to init': { facts: { ...pve, ...line('quiet -- pcie_acs_override=downstream') } },
    'no value that the kernel knows': { facts: { ...pve, ...line('pcie_acs_override=on') } },
    'a kernel without the patch': { facts: { uname: '6.1.0-18-amd64', ...line('pcie_acs_override=downstream') } },
    'a kernel that says it does not know it': {
      facts: log(
        'Unknown kernel command line parameters "pcie_acs_override=downstream", will be passed to user space.',
      ),
    },
    'the whole log of a kernel nobody knows is silent': {
      facts: { uname: '6.9.3-zen1', ...line('pcie_acs_override=downstream'), ...wholeLog('Linux version 6.9.3-zen1') },
    },
  },
  found: {
    'the kernel says so': { facts: log(enabled), severity: 'notice', saw: 'ACS overrides enabled', remedies: [] },
    'a Proxmox kernel, and the log has wrapped': {
      facts: { ...pve, ...line('quiet pcie_acs_override=downstream,multifunction'), ...log('DMAR: x') },
      saw: 'pcie_acs_override=downstream,multifunction',
    },
    'by an id': { facts: { uname: '5.15.158-2-pve-relaxablermrr', ...line('pcie_acs_override=id:8086:A110') } },
  },
  unknown: {
    'the kernel was not read': { facts: line('pcie_acs_override=downstream') },
    'nobody knows the kernel, and its log has wrapped': {
      facts: { uname: '6.9.3-zen1', ...line('pcie_acs_override=downstream'), ...log('DMAR: x') },
    },
    'the kernel line was not read': { facts: { ...pve, ...wholeLog('Linux version 6.8.12-4-pve') } },
  },
})
