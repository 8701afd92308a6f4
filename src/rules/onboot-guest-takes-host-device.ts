import { groupOf, naming, within } from '../diagnosis/devices.ts'
import { hostLoss } from '../diagnosis/host-groups.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { startable, takenAtStart } from '../diagnosis/taken-at-start.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'

/** FACTS 5.4: what group-holds-host-device warns of happens by itself at the next boot, and at each one after it. */
export const onbootGuestTakesHostDevice = defineRule({
  id: 'onboot-guest-takes-host-device',
  title: 'A guest that starts at boot takes a device from the host',
  why: 'At every boot Proxmox starts this guest, and with it takes the whole IOMMU group away from the host: a disk, network card or console that the host needs. The node then stops or drops off the network shortly after it came up, each time anew.',
  fix: 'Clear it before the next reboot: qm set <vmid> --onboot 0 (and ha-manager remove vm:<vmid> where high availability starts the guest). Where the node already goes down this way, boot it once with intel_iommu=off or amd_iommu=off typed in at the boot menu: the guest then cannot start, and the setting can be cleared.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_startup_and_shutdown',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
  ],
  needs: ['iommu-groups', 'host-devices', 'guests'],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off'],
  remedies: ['clear-onboot'],
  check: (facts, target) => {
    const groups = facts['iommu-groups']
    const atBoot = startable(facts)
      .filter(({ onboot, hostpci }) => onboot && hostpci.length > 0)
      .map((guest) => ({ guest, ...takenAtStart(facts, guest) }))
    if (atBoot.length === 0) return 'ok'
    if (facts['host-devices'].length === 0) return { unknown: ['host-devices'] }
    const { devices, unknown } = targetDevices(facts, target)
    const { held, lost, takers } = hostLoss(facts, devices)
    const together = [...new Set(takers.flatMap((address) => [address, ...(groupOf(groups, address)?.devices ?? [])]))]
    const guests = atBoot.filter(({ slots }) => slots.some((slot) => together.some((address) => within(slot, address))))
    if (guests.length === 0) {
      const open = [...new Set([...unknown, ...atBoot.flatMap((one) => one.unknown)])]
      if (open.length > 0) return { unknown: open }
      return devices.every((address) => groupOf(groups, address)) ? 'ok' : { unknown: ['iommu-groups'] }
    }
    const ids = guests.map(({ guest }) => guest.id)
    const what = held.map(({ use, name, address }) => `${naming(facts, address)} (${use} ${name})`).join(', ')
    return {
      severity: 'blocker',
      devices: [...new Set([...takers, ...lost])],
      says: `At the next boot guest ${ids.join(', ')} starts and takes ${what} from the host; run ${ids.map((id) => `qm set ${id} --onboot 0`).join(' and ')} before that.`,
      evidence: [
        ...ids.map((id): Evidence => ({ saw: `guest ${id}: onboot: 1`, probe: 'guests' })),
        ...held.map(
          ({ use, name, address }): Evidence => ({ saw: `${use} ${name} ${address}`, probe: 'host-devices' }),
        ),
        ...lost.map(
          (address): Evidence => ({
            saw: `group ${groupOf(groups, address)?.id}: ${groupOf(groups, address)?.devices.join(' ') ?? address}`,
            probe: 'iommu-groups',
          }),
        ),
      ],
      guests: ids,
      remedies: ['clear-onboot'],
    }
  },
})
