import type { Facts } from '../../src/facts/facts.ts'
import { acsOverrideIgnored } from '../../src/rules/acs-override-ignored.ts'
import { byGrub, bySystemdBoot, defaultGrub, grubCfg, line, log, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const pve = { uname: '6.5.13-5-pve' }
const enabled = 'Warning: PCIe ACS overrides enabled; This may allow non-IOMMU protected peer-to-peer DMA'
const kernelFile = (first: string | null): Facts => ({ 'kernel-cmdline-file': { first } })
const files = { ...defaultGrub('quiet'), ...grubCfg('ro quiet'), ...kernelFile(null) }

testRule(acsOverrideIgnored, {
  ok: {
    'it is live': { facts: { ...pve, ...line(`${byGrub} pcie_acs_override=downstream`), ...log(enabled) } },
    'it is live on a Proxmox kernel whose log has wrapped': {
      facts: { ...pve, ...line(`${byGrub} pcie_acs_override=downstream,multifunction`), ...log('DMAR: x') },
    },
    'nobody asks for it anywhere': { facts: { ...pve, ...line(`${byGrub} quiet`), ...files } },
    'a GRUB configuration that this node does not boot has it': {
      facts: {
        ...line(`${bySystemdBoot} quiet`),
        ...files,
        ...grubCfg('ro pcie_acs_override=downstream'),
        ...kernelFile('quiet'),
      },
    },
  },
  found: {
    'a Debian kernel does not have it': {
      facts: { uname: '6.1.0-18-amd64', ...line(`${byGrub} pcie_acs_override=downstream`) },
      severity: 'warning',
      saw: '6.1.0-18-amd64',
      says: /does not have it/,
      remedies: [],
    },
    'the kernel says that it does not know it': {
      facts: {
        ...line(`${byGrub} pcie_acs_override=downstream`),
        ...log(
          'Unknown kernel command line parameters "BOOT_IMAGE=/vmlinuz pcie_acs_override=downstream", will be passed to user space.',
        ),
      },
      saw: 'Unknown kernel command line parameters',
    },
    'a kernel nobody knows, and nothing in its whole log': {
      facts: { uname: '6.18.48', ...line('pcie_acs_override=downstream'), ...wholeLog('Linux version 6.18.48') },
    },
    'a value that means nothing': {
      facts: { ...pve, ...line(`${byGrub} pcie_acs_override=enable`) },
      says: /no value that the kernel knows/,
      remedies: [],
    },
    'a misspelt value': {
      facts: { ...pve, ...line(`${byGrub} pcie_acs_override=downsteam`) },
      remedies: ['correct-argument'],
      suggests: { add: ['pcie_acs_override=downstream'], remove: ['pcie_acs_override=downsteam'] },
    },
    'a part that the kernel could not read': {
      facts: {
        ...pve,
        ...line(`${byGrub} pcie_acs_override=downstream,id:80:1`),
        ...log('PCIe ACS ID parse error -22', enabled),
      },
      saw: 'parse error -22',
      says: /a part/,
    },
    'more ids than there is room for': { facts: log('Out of PCIe ACS override slots (16)', enabled) },
    'an edit of /etc/default/grub that was not generated': {
      facts: { ...pve, ...line(`${byGrub} quiet`), ...files, ...defaultGrub('quiet pcie_acs_override=downstream') },
      saw: 'pcie_acs_override=downstream',
      says: /\/etc\/default\/grub/,
      remedies: ['regenerate-boot-config'],
    },
    'generated, and not rebooted': {
      facts: { ...pve, ...line(`${byGrub} quiet`), ...grubCfg('ro quiet pcie_acs_override=downstream') },
      remedies: ['reboot-into-config'],
    },
    'in the file of the other boot loader': {
      facts: {
        ...pve,
        ...line(`${bySystemdBoot} quiet`),
        ...defaultGrub('quiet pcie_acs_override=downstream'),
        ...kernelFile('quiet'),
      },
      says: /\/etc\/default\/grub/,
      remedies: ['move-arguments'],
      suggests: { add: ['pcie_acs_override=downstream'], remove: [] },
    },
  },
  unknown: {
    'the files were not read': { facts: { ...pve, ...line(`${byGrub} quiet`) } },
    'whether this kernel has it': { facts: { uname: '6.18.48', ...line('pcie_acs_override=downstream'), ...log('x') } },
    'the drop-ins were not read': {
      facts: {
        ...pve,
        ...line(`${byGrub} quiet`),
        ...kernelFile(null),
        ...grubCfg('ro quiet'),
        ...defaultGrub('quiet', null),
      },
    },
  },
})
