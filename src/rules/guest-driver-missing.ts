import { deviceAt, naming } from '../diagnosis/devices.ts'
import { guestName } from '../diagnosis/guest-config.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { functionsOf } from '../diagnosis/target-devices.ts'
import { lineShown, targetGuests } from '../diagnosis/target-guests.ts'
import type { Facts } from '../facts/facts.ts'

/**
 * What the host sees of a driver in a guest: it asks for interrupts. Whether the device does its work cannot be seen from the
 * host, so nothing is said of one that has them.
 */
export const guestDriverMissing = defineRule({
  id: 'guest-driver-missing',
  title: 'No driver in the guest uses the device',
  why: 'The host has handed the device over and the guest runs, but nothing in the guest has asked for an interrupt of the device: its driver is missing, has failed, or is not in use yet. Nothing on the host can cure that.',
  fix: "Look inside the guest once it is up: lspci -nnk and dmesg in Linux, the Device Manager in Windows. Install the maker's driver there. Leave the host as it is.",
  links: [
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
  ],
  needs: ['guests', 'running', 'lspci', 'vfio-interrupts'],
  mutedBy: [
    'iommu-off-in-firmware',
    'iommu-off',
    'rmrr-blocks-device',
    'amd-unity-map-blocks-device',
    'group-holds-host-device',
    'device-gone-dead',
    'framebuffer-holds-gpu',
  ],
  check: (facts, target) => {
    const { guests, unknown } = targetGuests(facts, target)
    const running = guests.filter(({ guest }) =>
      facts.running.some((one) => one.kind === 'qemu' && one.id === guest.id),
    )
    const given = running.flatMap(({ guest, lines }) =>
      lines
        .filter(({ claim }) => !claim.mediated && claim.alternatives.length === 1)
        .map((line) => ({ guest, ...line })),
    )
    const idle = given.flatMap((line) => {
      const devices = main(facts, line.claim.alternatives.flat()).filter((address) => isIdle(facts, address))
      return devices.map((address) => ({ ...line, address }))
    })
    const [first] = idle
    const unnamed = guests.some(({ guest }) => guest.id === 0) ? (['guests'] as const) : []
    if (!first) return unknown.length + unnamed.length > 0 ? { unknown: [...unknown, ...unnamed] } : 'ok'
    return {
      severity: 'notice',
      devices: [...new Set(idle.map(({ address }) => address))].toSorted(),
      says: `${idle.map(({ guest, address }) => `${guestName(guest.id)} has ${naming(facts, address)}`).join(' and ')}, but no driver in the guest uses it at the moment.`.replace(
        /^./,
        (letter) => letter.toUpperCase(),
      ),
      evidence: idle.flatMap(({ guest, entry, address }): Evidence[] => [
        { saw: `qemu ${guest.id}`, probe: 'running' },
        lineShown(guest, entry),
        { saw: `${address} driver in use: vfio-pci`, probe: 'lspci' },
        { saw: `${address}: ${shown(facts, address)}`, probe: 'vfio-interrupts' },
      ]),
      remedies: [],
    }
  },
})

/** The functions that a guest has a device for; the others of a card often have no driver in a guest that works. */
const main = (facts: Facts, places: readonly string[]): string[] => {
  const devices = functionsOf(facts, places).devices
  return devices.filter((address) => /\.0$/.test(address) || !devices.includes(address.replace(/\.[0-9a-f]$/, '.0')))
}

/** Handed over, and no interrupt: neither messages (MSI), which only a driver sets up, nor a single one on the line. */
function isIdle(facts: Facts, address: string): boolean {
  const own = (facts['vfio-interrupts'] ?? []).filter((one) => one.address === address)
  return (
    deviceAt(facts, address)?.driver === 'vfio-pci' && own.every(({ kind, count }) => kind === 'intx' && count === 0)
  )
}

const shown = (facts: Facts, address: string): string =>
  facts['vfio-interrupts']?.some((one) => one.address === address) ? 'intx 0, no MSI' : 'no interrupt at all'
