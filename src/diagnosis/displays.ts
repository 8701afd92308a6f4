import type { Facts } from '../facts/facts.ts'
import type { Lspci } from '../facts/probes/lspci.ts'
import { deviceAt } from './devices.ts'

/** PCI class 03xx: graphics, with or without an output. */
export const isDisplay = (device: Lspci[number]): boolean => device.class.startsWith('03')

/** Is the device a graphics card? Null when no probe shows its class. */
export function isDisplayAt(facts: Facts, address: string): boolean | null {
  const device = deviceAt(facts, address)
  return device ? isDisplay(device) : null
}

/** Is it the card on which the firmware showed its screen? Null when no probe tells. */
export function isBootVga(facts: Facts, address: string): boolean | null {
  const consoles = (facts['host-devices'] ?? []).filter(({ use }) => use === 'console')
  if (consoles.some((console) => console.address === address)) return true
  const flag = facts['pci-sysfs']?.find((device) => device.address === address)?.bootVga
  return flag ?? (consoles.length > 0 ? false : null)
}
