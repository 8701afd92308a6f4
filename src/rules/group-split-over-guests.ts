import { naming, within } from '../diagnosis/devices.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { startable, takenAtStart } from '../diagnosis/taken-at-start.ts'
import type { Target } from '../diagnosis/target.ts'
import type { Facts } from '../facts/facts.ts'

/** FACTS 5.4: a start takes the whole group. Mediated devices, and mappings to choose a free device from, are shared on purpose. */
export const groupSplitOverGuests = defineRule({
  id: 'group-split-over-guests',
  title: 'Two guests are given the same device, or devices of one IOMMU group',
  why: 'The guest that starts first takes the whole IOMMU group. The other one then cannot start ("already in use", "group is not viable") as long as the first one runs.',
  fix: 'Give each group to one guest only: qm set <vmid> --delete hostpciN on the other one. Where they are never meant to run at the same time, leave it, and clear onboot on all but one.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
    'https://docs.kernel.org/driver-api/vfio.html',
  ],
  needs: ['guests'],
  mutedBy: ['iommu-off-in-firmware', 'iommu-off'],
  check: (facts, target) => {
    if (facts.guests.some(({ id }) => id === 0)) return { unknown: ['guests'] }
    const claimants = startable(facts).map((guest) => ({ id: guest.id, ...takenAtStart(facts, guest) }))
    const open = [...new Set(claimants.flatMap(({ unknown }) => unknown))]
    const taking = claimants.filter(({ slots }) => slots.length > 0)
    if (taking.length + open.length < 2) return 'ok'
    const splits = splitsOf(facts, taking).filter((split) => concerns(target, split))
    if (splits.length === 0) {
      if (open.length > 0) return { unknown: open }
      const grouped = (facts['iommu-groups'] ?? []).flatMap(({ devices }) => devices)
      const known = taking.every(({ slots }) => slots.every((slot) => grouped.some((one) => overlap(slot, one))))
      return known ? 'ok' : { unknown: ['iommu-groups'] }
    }
    return {
      severity: 'warning',
      devices: [...new Set(splits.flatMap(({ devices }) => devices))].toSorted(),
      says: splits.map((split) => saying(facts, split)).join(' '),
      evidence: splits.flatMap(({ group, devices, guests }): Evidence[] => [
        ...guests.map(({ id, slots }): Evidence => ({ saw: `guest ${id}: ${slots.join(' ')}`, probe: 'guests' })),
        ...(group === null ? [] : [{ saw: `group ${group}: ${devices.join(' ')}`, probe: 'iommu-groups' as const }]),
      ]),
      remedies: [],
    }
  },
})

interface Claimant {
  readonly id: number
  readonly slots: readonly string[]
}

/** Devices that more than one guest claims, or that are of one group (`group`) and claimed by more than one. */
interface Split {
  readonly group: number | null
  readonly devices: readonly string[]
  readonly guests: readonly Claimant[]
}

const overlap = (one: string, other: string): boolean => one === other || within(one, other) || within(other, one)

function splitsOf(facts: Facts, taking: readonly Claimant[]): Split[] {
  const claiming = (addresses: readonly string[]) =>
    taking.filter(({ slots }) => slots.some((slot) => addresses.some((address) => overlap(slot, address))))
  const groups = (facts['iommu-groups'] ?? []).map(({ id, devices }): Split => {
    const guests = claiming(devices)
    const given = devices.filter((address) => claiming([address]).length > 0)
    return { group: id, devices: given, guests }
  })
  const slots = [...new Set(taking.flatMap((one) => one.slots))]
    .filter((slot) => !groups.some(({ devices }) => devices.some((address) => overlap(slot, address))))
    .map((slot): Split => ({ group: null, devices: [slot], guests: claiming([slot]) }))
  return [...groups, ...slots].filter(({ guests }) => guests.length > 1)
}

const concerns = (target: Target | null, { devices, guests }: Split): boolean =>
  target === null ||
  (target.kind === 'vm'
    ? guests.some(({ id }) => id === target.id)
    : devices.some((address) => overlap(target.address, address)))

function saying(facts: Facts, { group, devices, guests }: Split): string {
  const who = `Guests ${guests.map(({ id }) => id).join(' and ')}`
  const names = devices.map((address) => naming(facts, address)).join(', ')
  const same = guests.every(({ slots }) => devices.every((one) => slots.some((slot) => overlap(slot, one))))
  return same || group === null
    ? `${who} are both given ${names}.`
    : `${who} are given devices of one IOMMU group (${group}): ${names}.`
}
