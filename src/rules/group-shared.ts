import { deviceAt, groupOf, isBridge, naming, sameCard } from '../diagnosis/devices.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { startFailures } from '../diagnosis/start-failures.ts'
import { ownersOf, targetDevices } from '../diagnosis/target-devices.ts'

/**
 * FACTS 5.4 and message Q-VIABLE. Bridges, other functions of the same card and what the same guest gets anyway are no
 * sharing. While the guests are not known, a stranger in the group of a named device is found although one guest may get both.
 */
export const groupShared = defineRule({
  id: 'group-shared',
  title: 'The device shares its IOMMU group with others',
  why: 'A guest always gets a whole IOMMU group: what else is in the group cannot be used by the host or by another guest at the same time, and the guest could reach its memory.',
  fix: 'Put the card into another slot or enable ACS in the firmware. The ACS override splits the group only in appearance and gives up the isolation.',
  links: [
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
  ],
  needs: ['iommu-groups'],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off'],
  check: (facts, target) => {
    const { devices, unknown } = targetDevices(facts, target)
    const groups = facts['iommu-groups']
    const owners = new Set(ownersOf(facts, devices).map(({ id }) => id))
    const strangers = (address: string) =>
      (groupOf(groups, address)?.devices ?? []).filter(
        (other) =>
          !devices.includes(other) &&
          !sameCard(address, other) &&
          !ownersOf(facts, [other]).some(({ id }) => owners.has(id)),
      )
    const others = [...new Set(devices.flatMap(strangers))]
    const unseen = others.filter((address) => !deviceAt(facts, address))
    const sharers = others.filter((address) => {
      const device = deviceAt(facts, address)
      return device !== undefined && !isBridge(device)
    })
    if (sharers.length === 0) {
      if (unseen.length > 0) return { unknown: ['lspci'] }
      if (unknown.length > 0) return { unknown }
      return devices.every((address) => groupOf(groups, address)) ? 'ok' : { unknown: ['iommu-groups'] }
    }
    const sharing = devices.filter((address) => strangers(address).some((other) => sharers.includes(other)))
    const ids = [...new Set(sharing.map((address) => groupOf(groups, address)?.id))]
    const refused = startFailures(facts, target)
      .flatMap(({ lines }) => lines)
      .filter((line) => ids.some((id) => new RegExp(`group ${id} is not viable`).test(line)))
    return {
      severity: refused.length > 0 ? 'blocker' : 'warning',
      devices: sharing,
      says: `${sharing.join(', ')} ${sharing.length > 1 ? 'share' : 'shares'} an IOMMU group with ${sharers.map((address) => naming(facts, address)).join(', ')}.`,
      evidence: [
        ...ids.map(
          (id): Evidence => ({
            saw: `group ${id}: ${groups.find((group) => group.id === id)?.devices.join(' ')}`,
            probe: 'iommu-groups',
          }),
        ),
        ...refused.map((saw): Evidence => ({ saw, probe: 'tasks' })),
      ],
      remedies: [],
    }
  },
})
