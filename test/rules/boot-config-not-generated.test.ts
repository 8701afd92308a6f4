import { bootConfigNotGenerated } from '../../src/rules/boot-config-not-generated.ts'
import { byGrub, bySystemdBoot, defaultGrub, firmware, groups, grubCfg, intel, line, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

testRule(bootConfigNotGenerated, {
  ok: {
    'grub.cfg has what the files have': {
      facts: { ...line(byGrub), ...defaultGrub('quiet iommu=pt'), ...grubCfg('root=x ro quiet iommu=pt') },
    },
    'what the shell computed is in grub.cfg': {
      facts: {
        ...line(byGrub),
        'grub-syntax': { errors: [], values: { GRUB_CMDLINE_LINUX: 'a=b' } },
        ...grubCfg('ro a=b'),
      },
    },
    'systemd-boot, and everything is live': {
      facts: { ...line(`${bySystemdBoot} iommu=pt`), 'kernel-cmdline-file': { first: 'root=x iommu=pt' } },
    },
  },
  found: {
    'update-grub was not run, and no IOMMU runs for it': {
      facts: {
        ...intel,
        ...noIommu,
        ...firmware(['DMAR']),
        ...line(byGrub),
        ...defaultGrub('quiet intel_iommu=on', null),
        ...grubCfg('root=x ro quiet'),
      },
      severity: 'blocker',
      remedies: ['regenerate-boot-config'],
      saw: 'intel_iommu=on',
    },
    'the same while the IOMMU runs anyway': {
      facts: {
        ...intel,
        ...groups({ 1: ['0000:00:00.0'] }),
        ...line(byGrub),
        ...defaultGrub('intel_iommu=on'),
        ...grubCfg('ro quiet'),
      },
      severity: 'notice',
    },
    'only one of two ESPs was written': {
      facts: {
        ...line('BOOT_IMAGE=/vmlinuz-6.8.12-4-pve ro'),
        ...defaultGrub('pci=noaer'),
        'grub-cfg': ['pci=noaer', 'quiet'].map((word) => ({
          title: 'x',
          id: 'gnulinux-simple-1',
          image: '/vmlinuz-6.8.12-4-pve',
          words: ['ro', word],
          recovery: false,
        })),
      },
      severity: 'warning',
    },
    'systemd-boot: what stands in the file never arrived': {
      facts: { ...line(bySystemdBoot), 'kernel-cmdline-file': { first: 'root=x nomodeset' } },
      severity: 'warning',
      says: /not refreshed, or the node was not rebooted/,
    },
  },
  unknown: {
    'GRUB boots from elsewhere than this grub.cfg': {
      facts: { ...line('BOOT_IMAGE=/vmlinuz-6.5.13-5-pve ro'), ...defaultGrub('iommu=pt'), ...grubCfg('ro') },
    },
    'the files do not parse, which is another finding': {
      facts: { ...line(byGrub), 'default-grub': { text: 'GRUB_CMDLINE_LINUX="a\n' }, ...grubCfg('ro') },
    },
    'the drop-ins were not read': {
      facts: { ...line(byGrub), ...defaultGrub('iommu=pt', null), ...grubCfg('ro iommu=pt') },
    },
    'how the node boots is not known': { facts: { ...line('ro quiet'), ...defaultGrub('iommu=pt'), ...grubCfg('ro') } },
  },
})
