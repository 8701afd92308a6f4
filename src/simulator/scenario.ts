/** What a simulated node plays: an Intel box with one thing wrong. Guest 101 is given the card at 0000:01:00.0. */
export interface Scenario {
  readonly node: string
  readonly about: string
  readonly kernel: string
  /** A newer kernel that is installed besides, while `kernel` is pinned; without it an older one is, and nothing is pinned. */
  readonly newer?: string
  /** What GRUB_CMDLINE_LINUX_DEFAULT holds. */
  readonly arguments: string
  /** The firmware offers VT-d (there is a DMAR table). */
  readonly vtd: boolean
  /** The firmware reserves memory for the card (RMRR). */
  readonly rmrr: boolean
  /** The card shares its IOMMU group with the disk controller that the host boots from. */
  readonly diskInGroup: boolean
  /** Name of a cluster of three that it is a member of. */
  readonly cluster?: string
  /** Guest 101 starts with the node. */
  readonly onboot?: true
  /** The driver that has the card when the node starts and does not let it go; without it nobody has the card. */
  readonly hostDriver?: string
  /** A one-time boot of GRUB that was left behind: `next_entry`. */
  readonly nextEntry?: string
  readonly loader: 'grub' | 'grub-esp' | 'systemd-boot'
  /** What goes wrong in a trial boot: no network, no root file system, or the cause is still there. */
  readonly trialFails?: 'network' | 'root' | 'cure'
}

const plain = {
  kernel: '6.17.2-1-pve',
  arguments: 'quiet',
  vtd: true,
  rmrr: false,
  diskInGroup: false,
  loader: 'grub',
} as const

/** The nodes of the demo, one condition each. */
export const scenarios: readonly Scenario[] = [
  { ...plain, node: 'node1', about: 'IOMMU off in the kernel', kernel: '6.5.13-5-pve' },
  {
    ...plain,
    node: 'node2',
    about: 'IOMMU off in the firmware',
    arguments: 'quiet intel_iommu=on iommu=pt',
    vtd: false,
  },
  { ...plain, node: 'node3', about: 'RMRR, and a kernel that can relax it', rmrr: true },
  {
    ...plain,
    node: 'node4',
    about: 'RMRR, and kernel 5.15',
    kernel: '5.15.158-2-pve',
    arguments: 'quiet intel_iommu=on',
    rmrr: true,
  },
  { ...plain, node: 'node5', about: "the card shares its group with the host's disk", diskInGroup: true, onboot: true },
  {
    ...plain,
    node: 'node6',
    about: 'arguments in the file of the wrong boot chain',
    kernel: '6.5.13-5-pve',
    arguments: 'quiet intel_iommu=on iommu=pt',
    loader: 'systemd-boot',
  },
  { ...plain, node: 'node7', about: 'healthy', arguments: 'quiet iommu=pt' },
  {
    ...plain,
    node: 'node8',
    about: 'as node1, but the trial loses its network',
    kernel: '6.5.13-5-pve',
    trialFails: 'network',
  },
  {
    ...plain,
    node: 'node9',
    about: 'a one-time boot that was left behind',
    arguments: 'quiet iommu=pt',
    nextEntry: '1',
  },
  {
    ...plain,
    node: 'node10',
    about: 'RMRR, and pinned to a kernel that cannot relax it, while one that can is installed',
    kernel: '6.2.16-3-pve',
    newer: '6.5.13-5-pve',
    arguments: 'quiet intel_iommu=on iommu=pt',
    rmrr: true,
  },
  {
    ...plain,
    node: 'node11',
    about: 'a driver of the host does not let the card go',
    arguments: 'quiet iommu=pt',
    hostDriver: 'mpt3sas',
  },
]

/** A second kernel, to go back to; one that has no relax_rmrr where the first one lacks it too. */
export const spareOf = (kernel: string): string => (kernel.startsWith('6.17') ? '6.14.11-4-pve' : '5.15.149-1-pve')
