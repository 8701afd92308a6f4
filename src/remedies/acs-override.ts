import { keyOf, sameKey } from '../bootconfig/kernel-line.ts'
import type { Ailment, Remedy } from '../changes/remedy.ts'
import type { Refusal } from '../errors.ts'
import type { Facts, Known } from '../facts/facts.ts'
import type { Lspci } from '../facts/probes/lspci.ts'
import { isAcsOverride, knowsAcsOverride } from '../knowledge/acs-override-kernels.ts'

const KEY = 'pcie_acs_override'
/** How many ids the patch keeps (FACTS 2.2). */
const MOST_IDS = 15

/**
 * Makes the kernel take the ports above the device for isolating, by their ids: `downstream` would do so for every port of the
 * host (FACTS 2.2). It is a loss of isolation, so refused around what the host stands on. Cured when the device shares its group
 * with no other endpoint; the kernel's line about it is no proof.
 */
export const acsOverride: Remedy = {
  id: 'acs-override',
  title: 'Split the IOMMU group by the ACS override (loss of isolation)',
  wish: (facts, ailment) => {
    const { cmdline, uname, lspci, 'iommu-groups': groups, 'host-devices': host } = facts
    if (!cmdline || uname === undefined || !lspci || !groups || !host?.length) {
      return { refused: 'the kernel, the devices, their groups or what the host stands on could not be read' }
    }
    const known = { ...facts, cmdline, uname, lspci, 'iommu-groups': groups, 'host-devices': host }
    const no = refusal(known, ailment)
    if (no) return no
    const ports = portsAbove(known, ailment.devices).filter((port) => !hasOwnAcs(facts, port.address))
    if (ports.length === 0) {
      return {
        refused:
          'no port above the device is one that the ACS override acts on: it leaves alone ports with ACS of their own, and parts of the chipset',
        hint: 'use another slot, or enable ACS in the firmware',
      }
    }
    const ids = [...new Set(ports.map(({ vendor, device }) => `id:${vendor}:${device}`))]
    const mappings = (facts.mappings ?? []).filter(({ entries }) => entries.some((one) => one.iommuGroup !== null))
    return {
      title: 'Split the IOMMU group by the ACS override (loss of isolation)',
      args: {
        add: [`${KEY}=${ids.length > MOST_IDS ? 'downstream' : ids.join(',')}`],
        remove: overrides(cmdline.words),
      },
      risk: 2,
      risks: [
        `The isolation is only claimed: what is behind ${ports.map(({ address }) => address).join(', ')} may reach the memory of other devices, guests and the host past the IOMMU. Only for guests you trust as much as the host.`,
        'Another slot, or ACS switched on in the firmware, separates the devices for real.',
        `IOMMU groups get other numbers, and guests whose PCI mapping stores one do not start until it is corrected${mappings.length > 0 ? ` (here: ${mappings.map(({ name }) => name).join(', ')})` : ''}.`,
      ],
    }
  },
  uncured: ({ 'iommu-groups': groups, lspci, ...facts }, { devices }) => {
    if (!groups || !lspci) return ['the IOMMU groups or the devices could not be read']
    return devices.flatMap((address) => {
      const group = groups.find((one) => one.devices.includes(address))
      if (!group) return [`${address} is in no IOMMU group any more`]
      const strangers = group.devices.filter(
        (other) =>
          !devices.includes(other) &&
          !lspci.find((one) => one.address === other)?.class.startsWith('06') &&
          !oneCard(facts, address, other),
      )
      return strangers.length > 0
        ? [`${address} still shares IOMMU group ${group.id} with ${strangers.join(', ')}`]
        : []
    })
  },
}

type Read = Facts & Known<'cmdline' | 'uname' | 'lspci' | 'iommu-groups' | 'host-devices'>

/** Why it is not for this kernel, not once more, or not around these devices. */
function refusal({ cmdline, uname, lspci, ...facts }: Read, { devices }: Ailment): Refusal | undefined {
  if (knowsAcsOverride(uname) !== true) {
    return {
      refused: `kernel ${uname} does not have the ACS override, which is a patch of Proxmox kernels`,
      hint: 'boot a Proxmox kernel, or use another slot',
    }
  }
  const live = overrides(cmdline.words)
  if (
    live.some((word) =>
      word
        .slice(KEY.length + 1)
        .split(',')
        .some(isAcsOverride),
    )
  ) {
    return {
      refused: `${live.join(' ')} is live already, and the group is shared all the same`,
      hint: 'use another slot, or enable ACS in the firmware',
    }
  }
  const members = membersOf(facts['iommu-groups'], devices)
  const needed = facts['host-devices'].find(
    ({ use, address }) => members.includes(address) && !(use === 'console' && devices.includes(address)),
  )
  if (needed) {
    return {
      refused: `the host itself stands on ${needed.address} (${needed.use} ${needed.name}) in that group, which the override would only seem to keep apart`,
      hint: 'use another slot or another device for the guest',
    }
  }
  const storage = lspci.find(
    (one) => one.class.startsWith('01') && members.includes(one.address) && !devices.includes(one.address),
  )
  return (
    storage && {
      refused: `the group also holds ${storage.address} (${storage.name}), a disk or its controller, which the override would only seem to keep apart`,
      hint: 'use another slot for one of the two',
    }
  )
}

const overrides = (words: readonly string[]): string[] => words.filter((word) => sameKey(keyOf(word), KEY))

const membersOf = (groups: Read['iommu-groups'], devices: readonly string[]): string[] =>
  groups.filter((group) => group.devices.some((one) => devices.includes(one))).flatMap((group) => group.devices)

/** The bridges in the devices' groups that stand above them; all of these groups' bridges where the paths are not known. */
function portsAbove(facts: Read, devices: readonly string[]): Lspci {
  const members = membersOf(facts['iommu-groups'], devices)
  const bridges = facts.lspci.filter((one) => one.class === '0604' && members.includes(one.address))
  const paths = facts['pci-paths']
  if (!paths) return devices.some((address) => !onRootBus(address)) ? bridges : []
  const above = new Set(devices)
  for (const address of above) {
    const parent = paths.find((one) => one.address === address)?.parent
    if (parent) above.add(parent)
  }
  return bridges.filter(({ address }) => above.has(address))
}

const hasOwnAcs = (facts: Facts, address: string): boolean =>
  facts['lspci-caps']?.some((one) => one.address === address && one.acsCap !== null) ?? false

const onRootBus = (address: string): boolean => /:00:[0-9a-f]{2}\.[0-7]$/.test(address)

/** Functions of one slot; on bus 00 they are separate parts of the chipset, and virtual functions are devices of their own. */
function oneCard(facts: Facts, one: string, other: string): boolean {
  const slot = (address: string) => address.replace(/\.[0-7]$/, '')
  const isVirtual = (address: string) =>
    facts['pci-sysfs']?.some((device) => device.address === address && device.physfn !== null)
  return slot(one) === slot(other) && !onRootBus(one) && !isVirtual(one) && !isVirtual(other)
}
