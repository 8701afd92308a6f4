import { rebootPending } from '../../src/rules/reboot-pending.ts'
import { byGrub, bySystemdBoot, firmware, groups, grubCfg, intel, line, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

testRule(rebootPending, {
  ok: {
    'what was generated is live': {
      facts: { ...line(`${byGrub} quiet iommu=pt`), ...grubCfg('root=x ro quiet iommu=pt') },
    },
    'only how much is printed differs': { facts: { ...line(byGrub), ...grubCfg('root=x ro quiet') } },
    'a trial argument is live that no file has': {
      facts: { ...line(`${byGrub} lanekeeper.trial=c1 iommu=pt`), ...grubCfg('ro') },
    },
    'systemd-boot, and the file is live': {
      facts: { ...line(`${bySystemdBoot} iommu=pt`), 'kernel-cmdline-file': { first: 'root=x iommu=pt' } },
    },
  },
  found: {
    'grub.cfg has the switch that the running line lacks': {
      facts: { ...intel, ...noIommu, ...firmware(['DMAR']), ...line(byGrub), ...grubCfg('root=x ro intel_iommu=on') },
      severity: 'blocker',
      remedies: ['reboot-into-config'],
    },
    'the same while the IOMMU runs anyway': {
      facts: { ...intel, ...groups({ 1: ['0000:00:00.0'] }), ...line(byGrub), ...grubCfg('ro iommu=pt') },
      severity: 'notice',
    },
    'an off switch is gone from the configuration, but not from the running line': {
      facts: {
        ...intel,
        ...noIommu,
        ...firmware(['DMAR']),
        ...line(`${byGrub} intel_iommu=off`),
        ...grubCfg('root=x ro'),
      },
      severity: 'blocker',
      says: /drops "intel_iommu=off"/,
    },
  },
  unknown: {
    'how the node boots is not known': { facts: { ...line('ro'), ...grubCfg('ro iommu=pt') } },
    'systemd-boot: what its entries hold was not read': {
      facts: { ...line(bySystemdBoot), 'kernel-cmdline-file': { first: 'root=x iommu=pt' } },
    },
    'a grub.cfg that nothing boots': {
      facts: { ...line('BOOT_IMAGE=/vmlinuz-6.5.13-5-pve ro'), ...grubCfg('ro iommu=pt') },
    },
  },
})
