import type { Scenario } from './scenario.ts'

const FLAGS =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat clflush mmx fxsr sse sse2 ss ht tm vmx smx est x2apic'

const DEVICES = [
  [
    '00:00.0',
    'Host bridge [0600]: Intel Corporation 8th Gen Core Processor Host Bridge/DRAM Registers [8086:3ec2] (rev 07)',
    'skl_uncore',
  ],
  [
    '00:01.0',
    'PCI bridge [0604]: Intel Corporation 6th-10th Gen Core Processor PCIe Controller (x16) [8086:1901] (rev 07)',
    'pcieport',
  ],
  [
    '00:02.0',
    'VGA compatible controller [0300]: Intel Corporation CoffeeLake-S GT2 [UHD Graphics 630] [8086:3e92]',
    'i915',
  ],
  [
    '00:14.0',
    'USB controller [0c03]: Intel Corporation Cannon Lake PCH USB 3.1 xHCI Host Controller [8086:a36d] (rev 10)',
    'xhci_hcd',
  ],
  [
    '00:17.0',
    'SATA controller [0106]: Intel Corporation Cannon Lake PCH SATA AHCI Controller [8086:a352] (rev 10)',
    'ahci',
  ],
  [
    '00:1f.6',
    'Ethernet controller [0200]: Intel Corporation Ethernet Connection (7) I219-LM [8086:15bb] (rev 10)',
    'e1000e',
  ],
  [
    '01:00.0',
    'Serial Attached SCSI controller [0107]: Broadcom / LSI SAS2008 PCI-Express Fusion-MPT SAS-2 [1000:0072] (rev 03)',
    'vfio-pci',
  ],
] as const

/** The configuration of guest 101. */
export const GUEST = [
  'boot: order=scsi0',
  'cores: 4',
  'hostpci0: 0000:01:00.0,pcie=1',
  'machine: q35',
  'memory: 8192',
  'name: storage',
  'ostype: l26',
  'scsi0: local-lvm:vm-101-disk-0,size=32G',
]

/** The Proxmox version that comes with a kernel, as `pveversion` prints it. */
const versionOf = (kernel: string): string => {
  if (kernel.startsWith('5.15')) return '7.4-18/b1f94095'
  return kernel.startsWith('6.17') ? '9.1.1/42db4a6cf33dac83' : '8.2.7/3e0176e6bb2ade3b'
}

/** What does not change while a simulated node lives: its parts, its files that nobody edits, its guest. */
export const hardwareTexts = (scenario: Scenario, running: string, cardDriver: string): Record<string, string> => ({
  pveversion: `pve-manager/${versionOf(scenario.kernel)} (running kernel: ${running})`,
  'os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian',
  cpu: `processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz\nflags\t\t: ${FLAGS}`,
  firmware: [
    `efi: yes`,
    'secure-boot: disabled',
    'sys-vendor: Dell Inc.',
    'product: OptiPlex 7060',
    'bios-version: 1.27.0',
    'bios-date: 09/11/2023',
    `acpi-tables: APIC DSDT ${scenario.vtd ? 'DMAR ' : ''}FACP HPET MCFG SSDT1`,
  ].join('\n'),
  lspci: DEVICES.map(([address, name, driver]) => {
    const has = address === '01:00.0' ? `${cardDriver}\n\tKernel modules: mpt3sas` : driver
    return `0000:${address} ${name}\n\tKernel driver in use: ${has}`
  }).join('\n'),
  'lspci-caps': DEVICES.map(
    ([address, name]) => `0000:${address} ${name}\n\t\t\tExtTag- RBE+ FLReset+\n\t\tLnkSta:\tSpeed 8GT/s, Width x8`,
  ).join('\n'),
  'pci-sysfs': DEVICES.map(
    ([address]) =>
      `0000:${address} reset_method=flr,bus boot_vga=${address === '00:02.0' ? 1 : ''} d3cold_allowed=1 power_state=D0 numa_node=-1 driver_override= sriov_numvfs= physfn=`,
  ).join('\n'),
  'pci-paths': DEVICES.map(
    ([address]) => `/sys/devices/pci0000:00/${address.startsWith('01:') ? '0000:00:01.0/' : ''}0000:${address}`,
  ).join('\n'),
  'modprobe-d': '/etc/modprobe.d/pve-blacklist.conf:blacklist nvidiafb',
  modules: scenario.hostDriver ? '' : '/etc/modules:vfio\n/etc/modules:vfio_pci',
  lsmod:
    'Module                  Size  Used by\nvfio_pci               16384  0\nvfio_iommu_type1       49152  0\nvfio                   69632  2 vfio_pci\nmpt3sas               339968  0',
  initramfs: 'image: 1700000100\nnewest-source: 1700000000\nnewest-path: /etc/modprobe.d/pve-blacklist.conf',
  iomem: '',
  numa: '/sys/devices/system/node/node0/cpulist:0-11',
  'vfio-interrupts': '',
  running: '',
  mappings: '',
  'host-devices': 'disk / 0000:00:17.0\nnic vmbr0 0000:00:1f.6\nconsole boot_vga 0000:00:02.0',
  cluster: scenario.cluster
    ? `name: ${scenario.cluster}\nmembers: 3\nquorate: yes\nexpected-votes: 3\ntotal-votes: 3\nown-votes: 1`
    : 'members: 1\nquorate: yes',
  memory: 'MemTotal:       32768000 kB\nMemAvailable:   24000000 kB\nHugePages_Total:       0',
  'pvesh-pci': '[]',
  locks: '',
})
