import type { Refusal } from '../errors.ts'
import { type ArgumentsChange, keyOf, sameKey } from './kernel-line.ts'

/** When lanekeeper may go beyond the everyday list. */
export interface Allowance {
  /** The words of a trial entry: `panic=` and the marker as well. */
  readonly trial?: boolean
  /** Words that an earlier change of ours took away, by its journal: undoing it may put exactly these back. */
  readonly restore?: readonly string[]
}

/** Letters, digits and marks that neither the shell, nor GRUB, nor the kernel gives a meaning (FACTS 7: values land unquoted in grub.cfg). */
const SAFE = /^[A-Za-z0-9_.,:=@%+/-]+$/
const PCI_ID = '[0-9a-f]{4}:[0-9a-f]{4}'
const listOf = (item: string, most = 32): RegExp => new RegExp(`^(?:${item})(?:,(?:${item})){0,${most - 1}}$`, 'i')

/** Modules without which no node starts, is reached or hands out devices; none of them is the driver of a card. libkmod compares names with underscores. */
const NEVER_OFF =
  'vfio\\w*|kvm\\w*|zfs|spl|ext4|xfs|btrfs|vfat|fat|nls_\\w+|dm_\\w+|md_mod|raid\\w+|scsi_mod|sd_mod|nvme_core|libata|bridge|bonding|8021q|openvswitch|pcieport'

/** What may be added, by key: the values the kernel knows (FACTS 2.2). `intel_iommu=off` and its like may only go. */
const ADDABLE = new Map<string, RegExp>(
  Object.entries({
    intel_iommu: listOf('on|igfx_off|forcedac|strict|sp_off|sm_on|sm_off|tboot_noforce|intgpu_off|relax_rmrr'),
    amd_iommu: listOf(
      'fullflush|force_enable|force_isolation|pgtbl_v1|pgtbl_v2|irtcachedis|nohugepages|v2_pgsizes_only',
    ),
    iommu: /^(?:pt|nopt)$/,
    intremap: /^(?:no_x2apic_optout|on)$/,
    'vfio-pci.ids': listOf(`${PCI_ID}(?::${PCI_ID}(?::[0-9a-f]{1,6}){0,2})?`, 16),
    'vfio-pci.disable_idle_d3': /^1$/,
    'vfio_iommu_type1.allow_unsafe_interrupts': /^1$/,
    initcall_blacklist: /^sysfb_init$/,
    video: /^(?:efifb|vesafb):off$/,
    pcie_acs_override: listOf(`downstream|multifunction|id:${PCI_ID}`, 15),
    'modprobe.blacklist': listOf(`(?!(?:${NEVER_OFF})(?:,|$))[a-z0-9_]{1,64}`),
  }),
)

const ADDABLE_ON_TRIAL = new Map<string, RegExp>(
  Object.entries({
    panic: /^[1-9][0-9]{0,3}$/,
    'lanekeeper.trial': /^[A-Za-z0-9_-]{1,64}$/,
  }),
)

/** Keys a node needs to start, to be reached, or to stay as safe as it was: never added, never removed. */
const PROTECTED = new Set(
  `root rootfstype rootflags rootdelay rootwait ro rw init rdinit initrd noinitrd boot bootdev BOOT_IMAGE dm_mod.create
  cryptdevice cryptkey cryptopts luks resume resume_offset console earlycon ip netroot nfsroot ifname net.ifnames biosdevname
  zfs zfs_force zfsforce bootfs spl_hostid md raid lvm mem memmap crashkernel
  security lsm apparmor selinux enforcing lockdown mitigations module.sig_enforce`.split(/\s+/),
)
const PROTECTED_FAMILIES = /^(?:rd|systemd|luks|zfs|spl)\./

/** Says no to the first word that lanekeeper must not touch on any node; PEERS pitfall 33 (`init=/bin/sh` as an argument). */
export function checkAllowed(change: ArgumentsChange, allowance: Allowance = {}): Refusal | undefined {
  for (const word of [...change.add, ...change.remove]) {
    const refusal = unsafe(word) ?? guarded(word)
    if (refusal) return refusal
  }
  const strange = change.add.find((word) => !addable(word, change.remove, allowance))
  if (strange === undefined) return undefined
  return {
    refused: `"${strange}" is not an argument lanekeeper may add.`,
    hint: 'Remedies add only the keys and values on the allow-list in src/bootconfig/allowed-arguments.ts.',
  }
}

/** Whether a word is free of characters that the shell, GRUB or the kernel would read as more than themselves. */
export const isSafeWord = (word: string): boolean => SAFE.test(word)

/** Words that keep guests, devices and host less apart than the hardware could, by key and value (FACTS 2.2). */
const GIVING_UP_ISOLATION: readonly (readonly [string, RegExp])[] = [
  ['pcie_acs_override', /./],
  ['vfio_iommu_type1.allow_unsafe_interrupts', /^[1y]/i],
  ['vfio.enable_unsafe_noiommu_mode', /^[1y]/i],
  ['intremap', /(?:^|,)(?:off|nosid)(?:,|$)/],
]

/** Whether a word gives up isolation: a plan that brings it onto the line is of risk 2, whatever it was made for. */
export const givesUpIsolation = (word: string): boolean =>
  GIVING_UP_ISOLATION.some(([key, value]) => sameKey(keyOf(word), key) && value.test(givenValue(word)))

/** A module parameter without a value is switched on. */
const givenValue = (word: string): string => (word.includes('=') ? word.slice(word.indexOf('=') + 1) : '1')

function unsafe(word: string): Refusal | undefined {
  if (isSafeWord(word)) return undefined
  const bad = [...word].find((char) => !SAFE.test(char))
  const what = bad === undefined ? 'is empty' : `contains ${JSON.stringify(bad)}, which the shell or GRUB may act on`
  return { refused: `The argument ${JSON.stringify(word)} ${what}.`, hint: 'Such a word is only ever edited by hand.' }
}

function guarded(word: string): Refusal | undefined {
  const key = keyOf(word).replaceAll('-', '_')
  if (key !== '' && !PROTECTED.has(keyOf(word)) && !PROTECTED.has(key) && !PROTECTED_FAMILIES.test(key))
    return undefined
  return {
    refused: `"${word}" is not lanekeeper's to add or remove: the node may need it to start or to be reached.`,
    hint: 'Change it by hand, with somebody at the console.',
  }
}

function addable(word: string, removed: readonly string[], { trial = false, restore = [] }: Allowance): boolean {
  if (restore.includes(word)) return true
  const key = keyOf(word)
  const pattern = ADDABLE.get(key) ?? (trial ? ADDABLE_ON_TRIAL.get(key) : undefined)
  if (pattern === undefined || !word.includes('=')) return false
  const before = removed.filter((other) => sameKey(keyOf(other), key)).flatMap(tokensOf)
  const fresh = tokensOf(word).filter((token) => !before.includes(token) || token === 'off')
  return pattern.test(fresh.join(',')) || (fresh.length === 0 && before.length > 0)
}

const tokensOf = (word: string): string[] => word.slice(word.indexOf('=') + 1).split(',')
