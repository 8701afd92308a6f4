import { deviceAt, groupOf, isBridge, naming } from '../diagnosis/devices.ts'
import { defineRule } from '../diagnosis/rule.ts'
import { startFailures } from '../diagnosis/start-failures.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'
import type { Facts } from '../facts/facts.ts'

const guestDrivers = ['vfio-pci', 'pci-stub', 'pci_stub']

/** FACTS 5.4: Proxmox rebinds the whole group at the guest's start, so a host driver is worth a word, not a blacklist. */
export const hostDriverBound = defineRule({
  id: 'host-driver-bound',
  title: 'A driver of the host holds the device',
  why: 'A host driver has the device, or another one of its group, for now. Proxmox takes it away when the guest starts; only where that fails, or something else starts the guest, does QEMU call the group not viable.',
  fix: 'Nothing, as long as the guest starts. Where it does not, bind every endpoint of the group to vfio-pci before the host driver gets it; blacklisting a driver takes it from all cards of its kind.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://docs.kernel.org/driver-api/vfio.html',
  ],
  needs: ['lspci'],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off'],
  check: (facts, target) => {
    const { devices, unknown } = targetDevices(facts, target)
    const concerned = [
      ...new Set(
        devices.flatMap((address) => [address, ...(groupOf(facts['iommu-groups'] ?? [], address)?.devices ?? [])]),
      ),
    ]
    const held = concerned.filter((address) => holder(facts, address) !== null)
    if (held.length === 0) {
      if (unknown.length > 0) return { unknown }
      if (!facts['iommu-groups']) return { unknown: ['iommu-groups'] }
      return devices.every((address) => deviceAt(facts, address)) ? 'ok' : { unknown: ['lspci'] }
    }
    const refused = startFailures(facts, target)
      .flatMap(({ lines, error }) => (error === null ? lines : [...lines, error]))
      .filter((line) => speaksOf(facts, held, line))
    const names = held.map((address) => `${naming(facts, address)} by ${holder(facts, address)}`).join(', ')
    return {
      severity: refused.length > 0 ? 'blocker' : 'notice',
      devices: held,
      says:
        refused.length > 0
          ? `The guest cannot start because the host still holds ${names}.`
          : `The host holds ${names}; Proxmox takes it over when the guest starts.`,
      evidence: [
        ...held.map((address) => ({
          saw: `${address} driver in use: ${holder(facts, address)}`,
          probe: 'lspci' as const,
        })),
        ...refused.map((saw) => ({ saw, probe: 'tasks' as const })),
      ],
      remedies: [],
    }
  },
})

/** The host driver that has the device; null when none has, or the device is a bridge. */
function holder(facts: Facts, address: string): string | null {
  const device = deviceAt(facts, address)
  return !device || isBridge(device) || device.driver === null || guestDrivers.includes(device.driver)
    ? null
    : device.driver
}

/** Does QEMU or Proxmox name the group of a held device, or the device itself, as the reason? */
function speaksOf(facts: Facts, held: readonly string[], line: string): boolean {
  const group = /group (\d+) is not viable/.exec(line)?.[1]
  if (group !== undefined)
    return held.some((address) => groupOf(facts['iommu-groups'] ?? [], address)?.id === Number(group))
  const bound = /Cannot bind (\S+) to vfio|can't unbind\/bind PCI group to VFIO '([^']+)'/.exec(line)
  return bound !== null && held.includes(bound[1] ?? bound[2] ?? '')
}
