import { defaultEntryOf } from '../bootconfig/loader-entry.ts'
import { HOOK_PATH, SCRIPT_PATH } from '../bootconfig/vfio-script.ts'
import { ESP, KERNEL_CMDLINE, LOADER_CONF } from './esp-model.ts'
import { GRUB_ENV, GUEST_CONF, grubFolder } from './files.ts'
import { grubDefaultOf } from './grub-model.ts'
import { hardwareTexts } from './hardware.ts'
import type { SimulatedNode } from './node.ts'

/** What the probes of a simulated node print now, by probe name; a probe that is not listed prints nothing. */
export function probeTexts(node: SimulatedNode): Record<string, string> {
  const { scenario, line, bootId } = node
  const words = line.split(' ')
  const generated = node.files.get(`${grubFolder(scenario.loader)}/grub.cfg`)
  const grub = scenario.loader !== 'systemd-boot'
  return {
    ...hardwareTexts(scenario, node.kernel, node.cardDriver),
    uname: node.kernel,
    'user-id': '0',
    'boot-id': bootId,
    cmdline: line,
    'kernel-log': kernelLog(node, words)
      .map((text, at) => `[${(at / 1000).toFixed(6).padStart(12)}] ${text}`)
      .join('\n'),
    'iommu-units': node.iommuOn ? 'dmar0\ndmar1' : '',
    'iommu-groups': node.iommuOn ? groupLines(node) : '',
    'reserved-regions': node.iommuOn ? regionLines(node) : '',
    guests: (node.files.get(GUEST_CONF) ?? '')
      .trimEnd()
      .split('\n')
      .map((text) => `/etc/pve/nodes/${scenario.node}/qemu-server/101.conf:${text}`)
      .join('\n'),
    'default-grub': node.files.get('/etc/default/grub') ?? '',
    'default-grub-d': '',
    'grub-syntax': node.grubSyntax(),
    'grub-cfg':
      generated
        ?.split('\n')
        .filter((text) => /^\s*(menuentry|linux)\s/.test(text))
        .join('\n') ?? 'grep: /boot/grub/grub.cfg: No such file or directory',
    'grub-env': grubEnv(node),
    'boot-loader': [
      `loader-info: ${grub ? 'GRUB 2.06' : 'systemd-boot 252.22-1~deb12u1'}`,
      `boot-current: ${grub ? 'Boot0002* proxmox' : 'Boot0001* Linux Boot Manager'}`,
      'shim: no',
      'bootctl: yes',
      'efivars-writable: yes',
      `esp: /dev/sda2 ${ESP} vfat -`,
    ].join('\n'),
    'loader-defaults': grub ? '' : `${ESP} ${defaultEntryOf(node.files.get(LOADER_CONF) ?? '') ?? ''}`,
    'boot-tool':
      scenario.loader === 'grub'
        ? "Re-executing '/usr/sbin/proxmox-boot-tool' in new private mount namespace..\nE: /etc/kernel/proxmox-boot-uuids does not exist."
        : `System currently booted with uefi\n${ESP} is configured with: ${grub ? 'grub' : 'uefi'} (versions: ${node.kernels.toReversed().join(', ')})`,
    'kernel-cmdline-file': node.files.get(KERNEL_CMDLINE) ?? '',
    kernels: [
      ...node.kernels.toReversed(),
      `running: ${node.kernel}`,
      ...(node.pinned === null ? [] : [`pinned: ${node.pinned}`]),
      `default: ${node.pinned ?? node.kernels[0]}`,
    ].join('\n'),
    'kernel-packages': '',
    upkeep: node.upkeep,
    'initramfs-tools': initramfsTools(node),
    tasks: node.failedStart(),
    clock: `system: ${seconds(node.now())}\nrtc: ${seconds(node.now())}\nrtc-utc: yes\nbooted: ${seconds(node.bootedAt)}`,
    health: [
      'nic: eno1 52:54:00:00:00:01 up',
      'bridge: vmbr0 eno1',
      'mount: / ext4',
      'system: running',
      'dma-faults: 0',
    ].join('\n'),
  }
}

const initramfsTools = ({ files }: SimulatedNode): string =>
  [
    ...['mkinitramfs', 'update-initramfs', 'lsinitramfs'].map((tool) => `tool: /usr/sbin/${tool}`),
    ...[HOOK_PATH, SCRIPT_PATH].flatMap(
      (path) =>
        files
          .get(path)
          ?.trimEnd()
          .split('\n')
          .map((text) => `${path}:${text}`) ?? [`absent: ${path}`],
    ),
  ].join('\n')

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)

const grubEnv = (node: SimulatedNode): string =>
  [
    'boot-source: /dev/mapper/pve-root',
    'boot-uuid: 0a1b',
    'boot-fs: ext4',
    'boot-stack: lvm',
    'boot-writable: yes',
    `grub-default: ${grubDefaultOf(node.pinned)}`,
    `custom-cfg: ${node.sha256Of('/boot/grub/custom.cfg')}`,
    'custom-sourced: yes',
    'tools: grub-editenv grub-script-check update-grub proxmox-boot-tool',
    node.files.get(GRUB_ENV) ?? '',
  ].join('\n')

const groupsOf = (node: SimulatedNode): string[][] =>
  node.scenario.diskInGroup
    ? [['00:00.0'], ['00:01.0', '01:00.0', '00:17.0'], ['00:02.0'], ['00:14.0'], ['00:1f.6']]
    : [['00:00.0'], ['00:01.0', '01:00.0'], ['00:02.0'], ['00:14.0'], ['00:17.0'], ['00:1f.6']]

const groupLines = (node: SimulatedNode): string =>
  groupsOf(node)
    .flatMap((devices, group) => devices.map((device) => `/sys/kernel/iommu_groups/${group}/devices/0000:${device}`))
    .join('\n')

const regionLines = (node: SimulatedNode): string =>
  groupsOf(node)
    .flatMap((_, group) => {
      const path = `/sys/kernel/iommu_groups/${group}/reserved_regions`
      const held =
        group === 1 && node.scenario.rmrr
          ? [`${path}:0x00000000bdf83000 0x00000000bdf84fff ${node.relaxed ? 'direct-relaxable' : 'direct'}`]
          : []
      return [...held, `${path}:0x00000000fee00000 0x00000000feefffff msi`]
    })
    .join('\n')

function kernelLog(node: SimulatedNode, words: readonly string[]): string[] {
  const { scenario } = node
  const asked = words.filter((word) => word.startsWith('intel_iommu=')).flatMap((word) => word.slice(12).split(','))
  return [
    `Linux version ${node.kernel} (build@proxmox)`,
    `Command line: ${node.line}`,
    ...(scenario.vtd ? ['ACPI: DMAR 0x0000000037A3C2D0 0000A8 (v01 INTEL  EDK2     00000002      01000013)'] : []),
    ...(asked.includes('on') ? ['DMAR: IOMMU enabled'] : []),
    ...(asked.includes('relax_rmrr') && !node.knowsRelax ? ["DMAR: Unknown option - 'relax_rmrr'"] : []),
    ...(asked.includes('relax_rmrr') && node.knowsRelax
      ? ['DMAR: Intel-IOMMU: assuming all RMRRs are relaxable. This can lead to instability or data loss']
      : []),
    ...(scenario.vtd
      ? [
          'DMAR: Host address width 39',
          'DMAR: DRHD base: 0x000000fed90000 flags: 0x0',
          'DMAR: DRHD base: 0x000000fed91000 flags: 0x1',
          'DMAR-IR: Enabled IRQ remapping in x2apic mode',
        ]
      : []),
    ...(scenario.rmrr ? ['DMAR: RMRR base: 0x000000bdf83000 end: 0x000000bdf84fff'] : []),
    `iommu: Default domain type: ${words.includes('iommu=pt') ? 'Passthrough (set via kernel command line)' : 'Translated'}`,
    ...(node.iommuOn ? ['DMAR: Intel(R) Virtualization Technology for Directed I/O'] : []),
    ...(node.iommuOn && scenario.rmrr && !node.relaxed ? [`vfio-pci 0000:01:00.0: ${refusal(node.kernel)}`] : []),
  ]
}

const refusal = (kernel: string): string =>
  /^(5\.|6\.[0-5]\.)/.test(kernel)
    ? 'DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR requirement.  Contact your platform vendor.'
    : 'Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the device without a 1:1 mapping. Contact your platform vendor.'
