import { Disk } from './disk.ts'
import { ESP, KERNEL_CMDLINE } from './esp-model.ts'
import { GUEST } from './hardware.ts'
import type { Scenario } from './scenario.ts'

export const GUEST_CONF = '/etc/pve/qemu-server/101.conf'
/** The folder of GRUB's files: on the ESP where it reads them there. */
export const grubFolder = (loader: Scenario['loader']): string =>
  loader === 'grub-esp' ? `${ESP}:/grub` : '/boot/grub'
export const GRUB_ENV = '/boot/grub/grubenv'
export const PIN = '/etc/kernel/proxmox-boot-pin'

const DEFAULT_GRUB = (args: string): string => `# If you change this file, run 'update-grub' afterwards to update
# /boot/grub/grub.cfg.
GRUB_DEFAULT=0
GRUB_TIMEOUT=5
GRUB_DISTRIBUTOR="Proxmox VE"
GRUB_CMDLINE_LINUX_DEFAULT="${args}"
GRUB_CMDLINE_LINUX=""
`

/** The files of a simulated node that lanekeeper reads or writes, as its scenario begins. */
export const firstFiles = (scenario: Scenario): Disk =>
  new Disk([
    ['/etc/default/grub', DEFAULT_GRUB(scenario.arguments)],
    ...(scenario.loader === 'systemd-boot' ? [[KERNEL_CMDLINE, 'root=ZFS=rpool/ROOT/pve-1 boot=zfs\n'] as const] : []),
    [GUEST_CONF, [...GUEST, ...(scenario.onboot ? ['onboot: 1'] : []), ''].join('\n')],
    ...(scenario.newer ? [[PIN, `${scenario.kernel}\n`] as const] : []),
    ...(scenario.nextEntry ? [[GRUB_ENV, `next_entry=${scenario.nextEntry}\n`] as const] : []),
  ])
