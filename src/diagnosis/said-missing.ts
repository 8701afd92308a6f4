import { withDomain } from '../facts/address.ts'
import type { Facts } from '../facts/facts.ts'
import type { Tasks } from '../facts/probes/tasks.ts'
import { seenAddresses, within } from './devices.ts'

const named = "'((?:[0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}(?:\\.[0-7])?)'"
const path = 'devices/([0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])'
const about = [
  `no PCI device found for ${named}`,
  `no pci device info for device ${named}`,
  `pci device ${named} not found`,
  `${path}/?: no such host device`,
  `no such host device: \\S*${path}`,
].map((text) => new RegExp(text, 'i'))

/** The device or slot that a line of a start task says is not there (P-NOTFOUND, P-NOINFO, P-MAP-INVALID, Q-NODEV); null where it says none. */
export function saidMissing(line: string): string | null {
  const address = about.map((pattern) => pattern.exec(line)?.[1]).find((one) => one !== undefined)
  return address === undefined ? null : withDomain(address)
}

/** Does some probe show the device, or a function of the slot? */
export const exists = (facts: Facts, address: string): boolean =>
  seenAddresses(facts).some((one) => within(address, one))

/** Did the start fail over devices that are all there by now? */
export function isBack(facts: Facts, { lines, error }: Tasks[number]): boolean {
  const missing = [...lines, error ?? ''].flatMap((line) => saidMissing(line) ?? [])
  return missing.length > 0 && missing.every((address) => exists(facts, address))
}
