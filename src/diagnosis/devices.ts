import type { Facts } from '../facts/facts.ts'
import type { IommuGroups } from '../facts/probes/iommu-groups.ts'
import type { Lspci } from '../facts/probes/lspci.ts'

/** The slot of a full BDF: 0000:01:00 of 0000:01:00.0. */
export const slotOf = (address: string): string => address.replace(/\.[0-9a-f]+$/i, '')

/** Is the address the slot itself or one of its functions? */
export const within = (slotOrDevice: string, address: string): boolean =>
  address === slotOrDevice || slotOf(address) === slotOrDevice

/**
 * Functions of one card. On bus 00 the functions of a slot are separate parts of the chipset
 * (00:1f.0 is the ISA bridge, 00:1f.3 the sound), so there only the device itself counts.
 */
const sameCard = (one: string, other: string): boolean =>
  one === other || (slotOf(one) === slotOf(other) && !/:00:[0-9a-f]{2}$/i.test(slotOf(one)))

/** Is it a virtual function (SR-IOV)? Such a one is a device of its own, though it may stand in the slot of its card. */
export const isVirtual = (facts: Facts, address: string): boolean =>
  facts['pci-sysfs']?.some((one) => one.address === address && one.physfn !== null) ?? false

/** Functions of one card, as `sameCard` tells them, that are no virtual functions. */
export const oneCard = (facts: Facts, one: string, other: string): boolean =>
  one === other || (sameCard(one, other) && !isVirtual(facts, one) && !isVirtual(facts, other))

/** The group a device is in. */
export const groupOf = (groups: IommuGroups, address: string): IommuGroups[number] | undefined =>
  groups.find(({ devices }) => devices.includes(address))

/** A device as lspci shows it. */
export const deviceAt = (facts: Facts, address: string): Lspci[number] | undefined =>
  facts.lspci?.find((device) => device.address === address)

/** PCI class 06xx: bridges, which Proxmox leaves alone and which do not make a group unviable. */
export const isBridge = (device: Lspci[number]): boolean => device.class.startsWith('06')

/** Drivers that hold a device for a guest. */
const guestDrivers = ['vfio-pci', 'pci-stub', 'pci_stub']

/** The driver of the host that has the device; null when none has, a guest's driver has, or the device is a bridge. */
export function hostDriverOf(facts: Facts, address: string): string | null {
  const device = deviceAt(facts, address)
  return !device || isBridge(device) || device.driver === null || guestDrivers.includes(device.driver)
    ? null
    : device.driver
}

/** Every address that some probe has seen. */
export const seenAddresses = (facts: Facts): string[] => [
  ...new Set([
    ...(facts.lspci ?? []).map(({ address }) => address),
    ...(facts['pci-sysfs'] ?? []).map(({ address }) => address),
    ...(facts['iommu-groups'] ?? []).flatMap(({ devices }) => devices),
  ]),
]

/** How a device is called on a card: address and name. */
export function naming(facts: Facts, address: string): string {
  const name = deviceAt(facts, address)?.name
  return name ? `${address} (${name})` : address
}
