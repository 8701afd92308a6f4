import type { Facts } from '../../src/facts/facts.ts'

/** Small facts for rule tests, each as the probe would tell it. */
export const intel: Facts = { cpu: { vendor: 'intel', model: null, flags: null } }
export const amd: Facts = { cpu: { vendor: 'amd', model: null, flags: null } }

export const line = (text: string): Facts => ({ cmdline: { line: text, words: text.split(' ') } })
export const log = (...lines: string[]): Facts => ({ 'kernel-log': { lines, reachesBoot: false } })
export const wholeLog = (...lines: string[]): Facts => ({ 'kernel-log': { lines, reachesBoot: true } })

export const firmware = (tables: string[] | null, rest: Partial<NonNullable<Facts['firmware']>> = {}): Facts => ({
  firmware: {
    efi: true,
    secureBoot: 'unknown',
    sysVendor: null,
    product: null,
    biosVersion: null,
    biosDate: null,
    acpiTables: tables,
    ...rest,
  },
})

export const noIommu: Facts = { 'iommu-units': [], 'iommu-groups': [] }
/** Groups by number; units run with them. */
export const groups = (by: Record<number, string[]>): Facts => ({
  'iommu-units': ['dmar0'],
  'iommu-groups': Object.entries(by).map(([id, devices]) => ({ id: Number(id), devices })),
})
export const regions = (...lines: [group: number, type: string][]): Facts => ({
  'reserved-regions': lines.map(([group, type]) => ({ group, start: '0x79174000', end: '0x79176fff', type })),
})

type Device = NonNullable<Facts['lspci']>[number]
export const device = (address: string, rest: Partial<Device> = {}): Device => ({
  address,
  class: '0300',
  className: 'VGA compatible controller',
  vendor: '10de',
  device: '2504',
  name: 'NVIDIA GA106',
  driver: null,
  modules: [],
  ...rest,
})
export const lspci = (...devices: Device[]): Facts => ({ lspci: devices })

type Guest = NonNullable<Facts['guests']>[number]
export const guest = (id: number, addresses: string[], rest: Partial<Guest> = {}): Guest => ({
  id,
  kind: 'qemu',
  name: null,
  onboot: false,
  config: {},
  hostpci: addresses.length > 0 ? [{ key: 'hostpci0', addresses, mapping: null, options: {} }] : [],
  ...rest,
})
export const guests = (...all: Guest[]): Facts => ({ guests: all })

export const failed = (
  id: number | null,
  lines: string[],
  error: string | null = 'start failed: QEMU exited with code 1',
): Facts => ({
  tasks: [{ upid: null, guest: id, startedAt: null, lines, error }],
})

export const defaultGrub = (value: string, dropIns: { path: string; text: string }[] | null = []): Facts => ({
  'default-grub': { text: `GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT="${value}"\nGRUB_CMDLINE_LINUX=""\n` },
  ...(dropIns && { 'default-grub-d': dropIns }),
})
export const grubCfg = (words: string, image = '/boot/vmlinuz-6.5.13-5-pve'): Facts => ({
  'grub-cfg': [
    { title: 'Proxmox VE', id: 'gnulinux-simple-1', image, words: words.split(' '), recovery: false },
    { title: 'Proxmox VE (recovery mode)', id: 'gnulinux-recovery-1', image, words: ['ro', 'single'], recovery: true },
  ],
})

export const byGrub = 'BOOT_IMAGE=/boot/vmlinuz-6.5.13-5-pve root=/dev/mapper/pve-root ro'
export const bySystemdBoot =
  'initrd=\\EFI\\proxmox\\6.5.13-5-pve\\initrd.img-6.5.13-5-pve root=ZFS=rpool/ROOT/pve-1 boot=zfs'

/** Lines of a file that says which modules are loaded, and how. */
export const modprobeD = (...lines: string[]): Facts => ({
  'modprobe-d': lines.map((text) => ({ path: '/etc/modprobe.d/vfio.conf', line: text })),
})
export const etcModules = (...lines: string[]): Facts => ({
  modules: lines.map((text) => ({ path: '/etc/modules', line: text })),
})
