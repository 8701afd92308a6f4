import type { Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import type { Lspci } from '../facts/probes/lspci.ts'

/** A device that a driver of the host has. */
export type HeldDevice = Lspci[number] & { readonly driver: string }

const guestDrivers = ['vfio-pci', 'pci-stub', 'pci_stub']

/**
 * Those of the devices (full BDFs) that a driver of the host has, bridges left out; refused where the host itself stands on one
 * of them, or guests use virtual functions of it: it must keep its driver.
 */
export function heldDevices(facts: Facts, devices: readonly string[]): readonly HeldDevice[] | Refusal {
  const { lspci, 'host-devices': host } = facts
  if (!lspci || !host || host.length === 0)
    return { refused: 'which drivers have the devices, or what the host itself stands on, could not be read' }
  const held = lspci.filter(
    (one): one is HeldDevice => devices.includes(one.address) && !one.class.startsWith('06') && hasHostDriver(one),
  )
  if (held.length === 0) return { refused: 'no driver of the host has the device any more' }
  const own = host.find(({ use, address }) => use !== 'console' && held.some((one) => one.address === address))
  if (own)
    return {
      refused: `the host itself stands on ${own.address} (${own.use} ${own.name}): without its driver it would lose that`,
      hint: 'use another slot or another device for the guest',
    }
  const parent = facts['pci-sysfs']?.find(({ physfn }) => held.some((one) => one.address === physfn))
  if (parent)
    return { refused: `${parent.address} is a virtual function of ${parent.physfn}, which needs its driver for that` }
  return held
}

const hasHostDriver = ({ driver }: Lspci[number]): boolean => driver !== null && !guestDrivers.includes(driver)

/** Does the node's console stand on one of the devices? It goes dark with their driver. */
export const consoleOf = (facts: Facts, held: readonly HeldDevice[]): string | undefined =>
  facts['host-devices']?.find(({ use, address }) => use === 'console' && held.some((one) => one.address === address))
    ?.address

/**
 * The devices among these that the ailment is not about, and that the host may need: it stands on them, whoever they are given
 * to, or no guest is given them as they are.
 */
export const hostsOwn = (facts: Facts, all: readonly Lspci[number][], devices: readonly string[]): Lspci =>
  all.filter(({ address }) => !devices.includes(address) && (isStoodOn(facts, address) || !isGiven(facts, address)))

const isStoodOn = (facts: Facts, address: string): boolean =>
  facts['host-devices']?.some((own) => own.address === address) ?? false

/** By address or slot; what a mapping stands for is not looked up here, so it counts as the host's. */
const isGiven = ({ guests }: Facts, address: string): boolean =>
  (guests ?? [])
    .flatMap(({ hostpci }) => hostpci)
    .filter(({ options }) => options.mdev === undefined)
    .some(({ addresses }) => addresses.some((slot) => slot === address || slot === address.replace(/\.\w+$/, '')))

/** A device as a refusal names it, with what it is to the host. */
export function naming(facts: Facts, { address, name, driver }: Lspci[number]): string {
  const use = facts['host-devices']?.find((own) => own.address === address)
  const words = [name, use ? `${use.use} ${use.name}` : null, driver && `driver ${driver}`].filter(Boolean)
  return `${address} (${words.join(', ')})`
}

/** The devices that a driver of the host still has, in sentences; for the check after a trial. */
export function stillHeld(facts: Facts, devices: readonly string[]): string[] {
  const { lspci, 'pci-sysfs': sysfs } = facts
  // With no driver on any device, the drivers were not read.
  if (!lspci?.some(({ driver }) => driver !== null) || !sysfs) return ['which driver has the device could not be read']
  return devices.flatMap((address) => {
    const device = lspci.find((one) => one.address === address)
    if (!device || !sysfs.some((one) => one.address === address)) return [`${address} is gone`]
    return hasHostDriver(device) ? [`${address} is still held by ${device.driver}`] : []
  })
}
