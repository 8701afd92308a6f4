import { groupOf, naming } from '../diagnosis/devices.ts'
import { hostLoss } from '../diagnosis/host-groups.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { ownersOf, targetDevices } from '../diagnosis/target-devices.ts'

/** FACTS 5.4: at a guest's start Proxmox takes every device of the group that is no bridge away from the host, without asking. */
export const groupHoldsHostDevice = defineRule({
  id: 'group-holds-host-device',
  title: 'The IOMMU group also holds what the host stands on',
  why: 'When the guest starts, Proxmox takes every device of the IOMMU group from its host driver. Here that includes a disk, a network card or the console that the host itself needs, so the start would cut the host off.',
  fix: 'Move the card to another slot or pass another device through. Clear "Start at boot" of the guest until then. The ACS override only pretends to separate the group, so do not use it around a disk of the host.',
  links: [
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
  ],
  needs: ['iommu-groups', 'host-devices'],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off'],
  matters: true,
  clear: 'their groups hold nothing that the host needs',
  check: (facts, target) => {
    const { devices, unknown } = targetDevices(facts, target)
    const groups = facts['iommu-groups']
    if (facts['host-devices'].length === 0) return { unknown: ['host-devices'] }
    const { held, lost, takers } = hostLoss(facts, devices)
    if (held.length === 0) {
      const grouped = devices.every((address) => groupOf(groups, address))
      return unknown.length > 0 || !grouped ? { unknown: unknown.length > 0 ? unknown : ['iommu-groups'] } : 'ok'
    }
    const atBoot = ownersOf(facts, takers).filter(({ onboot }) => onboot)
    const risk =
      atBoot.length > 0 ? `, and guest ${atBoot.map(({ id }) => id).join(', ')} would take it at the next boot` : ''
    return {
      severity: 'blocker',
      devices: [...new Set([...takers, ...lost])],
      says: `The host needs ${held.map(({ use, name, address }) => `${naming(facts, address)} for ${use} ${name}`).join(', ')}, which goes to the guest together with ${takers.join(', ')}${risk}.`,
      evidence: [
        ...held.map(
          ({ use, name, address }): Evidence => ({ saw: `${use} ${name} ${address}`, probe: 'host-devices' }),
        ),
        ...lost.map(
          (address): Evidence => ({
            saw: `group ${groupOf(groups, address)?.id}: ${groupOf(groups, address)?.devices.join(' ') ?? address}`,
            probe: 'iommu-groups',
          }),
        ),
        ...atBoot.map(({ id }): Evidence => ({ saw: `guest ${id}: onboot: 1`, probe: 'guests' })),
      ],
      remedies: [],
    }
  },
})
