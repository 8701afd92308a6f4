import { deviceAt, groupOf, hostDriverOf, naming } from '../diagnosis/devices.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { startLines } from '../diagnosis/start-failures.ts'
import type { Target } from '../diagnosis/target.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'
import type { Facts } from '../facts/facts.ts'

/** The words in which NVIDIA's driver says that somebody still uses the card; the unbinding then waits for ever. */
const inUse = /NVRM: Attempting to remove (?:minor )?device (\S+) with non-zero usage count/

/** FACTS 5.4: Proxmox rebinds the whole group at the guest's start, so a host driver is worth a word, not a blacklist. */
export const hostDriverBound = defineRule({
  id: 'host-driver-bound',
  title: 'A driver of the host holds the device',
  why: 'A host driver has the device, or another one of its group, for now. Proxmox takes it away when the guest starts; that goes wrong where the driver will not let go because something on the host uses the device, and where something else starts the guest, QEMU calls the group not viable.',
  fix: 'Nothing, as long as the guest starts. Where it does not, stop what uses the device on the host (a container, nvidia-persistenced, a mounted disk, an address on the NIC), or bind every endpoint of the group to vfio-pci before the host driver gets it; blacklisting a driver takes it from all cards of its kind.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://github.com/kubevirt/kubevirt/issues/8549',
  ],
  remedies: ['vfio-ids', 'vfio-by-address', 'keep-driver-off'],
  needs: ['lspci'],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off', 'group-holds-host-device', 'vfio-not-available'],
  check: (facts, target) => {
    const { devices, unknown } = targetDevices(facts, target)
    const members = devices.flatMap((address) => groupOf(facts['iommu-groups'] ?? [], address)?.devices ?? [])
    const held = [...new Set([...devices, ...members])].filter((address) => hostDriverOf(facts, address) !== null)
    if (held.length === 0) {
      if (unknown.length > 0) return { unknown }
      if (!facts['iommu-groups']) return { unknown: ['iommu-groups'] }
      return devices.every((address) => deviceAt(facts, address)) ? 'ok' : { unknown: ['lspci'] }
    }
    const used = hostUses(facts, held)
    const stuck = notLetGo(facts, held)
    const refused = refusals(facts, target, held, stuck.length > 0)
    const names = held.map((address) => `${naming(facts, address)} by ${hostDriverOf(facts, address)}`).join(', ')
    return {
      severity: refused.length > 0 ? 'blocker' : used.length + stuck.length > 0 ? 'warning' : 'notice',
      devices: held,
      says:
        refused.length > 0
          ? `The guest cannot start because the host still holds ${names}.`
          : stuck.length > 0
            ? `The host holds ${names}, and the driver does not let go: something on the host uses the device.`
            : used.length > 0
              ? `The host holds ${names}, and itself stands on ${[...new Set(used.map(({ address }) => address))].join(', ')}.`
              : `The host holds ${names}; Proxmox takes it over when the guest starts.`,
      evidence: [
        ...held.map(
          (address): Evidence => ({ saw: `${address} driver in use: ${hostDriverOf(facts, address)}`, probe: 'lspci' }),
        ),
        ...used.map(
          ({ use, name, address }): Evidence => ({ saw: `${use} ${name} ${address}`, probe: 'host-devices' }),
        ),
        ...stuck.map((saw): Evidence => ({ saw, probe: 'kernel-log' })),
        ...refused.map((saw): Evidence => ({ saw, probe: 'tasks' })),
      ],
      remedies: refused.length + stuck.length > 0 ? ['vfio-ids', 'vfio-by-address', 'keep-driver-off'] : [],
    }
  },
})

/** Disks and NICs of the host among the devices; the console is Proxmox's to take. */
const hostUses = (facts: Facts, held: readonly string[]) =>
  (facts['host-devices'] ?? []).filter(({ use, address }) => use !== 'console' && held.includes(address))

/** Log lines of this boot in which a driver says that it will not give up one of the devices. */
const notLetGo = (facts: Facts, held: readonly string[]): string[] =>
  (facts['kernel-log']?.lines ?? [])
    .filter((line) => {
      const named = inUse.exec(line)?.[1]?.toLowerCase()
      if (named === undefined) return false
      // Older drivers count their cards instead of naming them, which is clear only where all of them are meant.
      return /^\d+$/.test(named) ? withDriver(facts, 'nvidia').every((one) => held.includes(one)) : held.includes(named)
    })
    .slice(0, 3)

const withDriver = (facts: Facts, driver: string): string[] =>
  (facts.lspci ?? []).filter((device) => device.driver === driver).map(({ address }) => address)

/** Lines of failed starts that a held device explains; a start that ran out of time is one where its driver does not let go. */
const refusals = (facts: Facts, target: Target | null, held: readonly string[], stuck: boolean): string[] =>
  startLines(facts, target).filter((line) => speaksOf(facts, held, line) || (stuck && /got timeout/.test(line)))

/** Does QEMU or Proxmox name the group of a held device, or the device itself, as the reason? Messages Q-VIABLE, Q-OPEN, P-SYSFS, P-BIND, P-WRITE. */
function speaksOf(facts: Facts, held: readonly string[], line: string): boolean {
  const group = /group (\d+) is not viable|open '?\/dev\/vfio\/(\d+)'?: No such file/.exec(line)
  if (group) {
    const id = Number(group[1] ?? group[2])
    return held.some((address) => groupOf(facts['iommu-groups'] ?? [], address)?.id === id)
  }
  const bound =
    /Cannot bind (\S+) to vfio|can't unbind\/bind PCI group to VFIO '([^']+)'|error writing '([^']+)' to '[^']*\/(?:un)?bind'/.exec(
      line,
    )
  return bound !== null && held.includes(bound[1] ?? bound[2] ?? bound[3] ?? '')
}
