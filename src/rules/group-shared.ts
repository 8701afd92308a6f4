import { groupOf, naming } from '../diagnosis/devices.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { sharing } from '../diagnosis/sharing.ts'
import { startFailures } from '../diagnosis/start-failures.ts'

/** FACTS 5.4 and message Q-VIABLE. The ACS override is no cure but a price: another slot and the firmware come first. */
export const groupShared = defineRule({
  id: 'group-shared',
  title: 'The device shares its IOMMU group with others',
  why: 'A guest always gets a whole IOMMU group: what else is in the group cannot be used by the host or by another guest at the same time, and the guest could reach its memory.',
  fix: 'Put the card into another slot or enable ACS in the firmware. The ACS override splits the group only in appearance and gives up the isolation.',
  links: [
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
  ],
  remedies: ['acs-override'],
  needs: ['iommu-groups'],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off'],
  check: (facts, target) => {
    const groups = facts['iommu-groups']
    const { devices, sharers, unknown } = sharing(facts, target)
    if (sharers.length === 0) return unknown.length > 0 ? { unknown } : 'ok'
    const ids = [...new Set(devices.map((address) => groupOf(groups, address)?.id))]
    const refused = startFailures(facts, target)
      .flatMap(({ lines }) => lines)
      .filter((line) => ids.some((id) => new RegExp(`group ${id} is not viable`).test(line)))
    return {
      severity: refused.length > 0 ? 'blocker' : 'warning',
      devices,
      says: `${devices.join(', ')} ${devices.length > 1 ? 'share' : 'shares'} an IOMMU group with ${sharers.map((address) => naming(facts, address)).join(', ')}.`,
      evidence: [
        ...ids.map(
          (id): Evidence => ({
            saw: `group ${id}: ${groups.find((group) => group.id === id)?.devices.join(' ')}`,
            probe: 'iommu-groups',
          }),
        ),
        ...refused.map((saw): Evidence => ({ saw, probe: 'tasks' })),
      ],
      remedies: ['acs-override'],
    }
  },
})
