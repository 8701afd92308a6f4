import type { Facts } from '../../src/facts/facts.ts'
import { wrongBootFile } from '../../src/rules/wrong-boot-file.ts'
import { byGrub, bySystemdBoot, defaultGrub, failed, firmware, groups, intel, line, log, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

const kernelFile = (first: string | null): Facts => ({ 'kernel-cmdline-file': { first } })
const systemdBoot = { ...line(bySystemdBoot), ...kernelFile('root=ZFS=rpool/ROOT/pve-1 boot=zfs') }

testRule(wrongBootFile, {
  ok: {
    'GRUB boots, and /etc/kernel/cmdline only names the root': {
      facts: { ...line(byGrub), ...kernelFile('root=ZFS=rpool/ROOT/pve-1 boot=zfs') },
    },
    'what Debian puts into default/grub by itself': { facts: { ...systemdBoot, ...defaultGrub('quiet') } },
    'both files have it': {
      facts: {
        ...line(`${bySystemdBoot} iommu=pt`),
        ...kernelFile('root=x iommu=pt'),
        ...defaultGrub('quiet iommu=pt'),
      },
    },
    'the right file has it too, only not live yet': {
      facts: { ...line(bySystemdBoot), ...kernelFile('root=x iommu=pt'), ...defaultGrub('iommu=pt') },
    },
  },
  found: {
    'systemd-boot, and the switch stands in default/grub while no IOMMU runs': {
      facts: {
        ...intel,
        ...noIommu,
        ...firmware(['DMAR']),
        ...systemdBoot,
        ...defaultGrub('quiet intel_iommu=on iommu=pt', null),
      },
      severity: 'blocker',
      saw: 'intel_iommu=on iommu=pt',
      remedies: ['move-arguments'],
      suggests: { add: ['intel_iommu=on', 'iommu=pt'], remove: [] },
    },
    'the other way round: /etc/kernel/cmdline on a GRUB node': {
      facts: { ...intel, ...noIommu, ...line(byGrub), ...defaultGrub('quiet'), ...kernelFile('root=x intel_iommu=on') },
      severity: 'blocker',
    },
    'an argument that has nothing to do with passthrough only warns': {
      facts: { ...systemdBoot, ...defaultGrub('quiet nomodeset', null) },
      severity: 'warning',
    },
    'what the IOMMU does not need any more is a notice': {
      facts: {
        ...intel,
        ...groups({ 1: ['0000:00:00.0'] }),
        ...systemdBoot,
        ...defaultGrub('intel_iommu=on iommu=pt'),
      },
      severity: 'notice',
    },
    'no blocker where the firmware has no IOMMU to switch on': {
      facts: { ...intel, ...noIommu, ...firmware(['APIC']), ...systemdBoot, ...defaultGrub('intel_iommu=on') },
      severity: 'warning',
    },
    'relax_rmrr is missing, and a device is refused for it': {
      facts: {
        ...intel,
        ...groups({ 1: ['0000:04:00.0'] }),
        uname: '6.8.12-4-pve',
        ...systemdBoot,
        ...defaultGrub('intel_iommu=on,relax_rmrr'),
        ...log('vfio-pci 0000:04:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting'),
      },
      severity: 'blocker',
    },
  },
  unknown: {
    'nothing shows how the node was started': {
      facts: { ...line('root=ZFS=rpool/ROOT/pve-1 quiet'), ...defaultGrub('intel_iommu=on'), ...kernelFile('root=x') },
    },
    'the file that counts was not read': { facts: { ...line(bySystemdBoot), ...defaultGrub('intel_iommu=on') } },
    'the drop-ins could hold something': { facts: { ...systemdBoot, ...defaultGrub('quiet', null) } },
    'a failed start alone tells nothing about files': { facts: { ...line(byGrub), ...failed(1, ['x']) } },
    'default/grub computes its value': {
      facts: { ...systemdBoot, 'default-grub': { text: 'GRUB_CMDLINE_LINUX="$(cat /x)"\n' }, 'default-grub-d': [] },
    },
  },
})
