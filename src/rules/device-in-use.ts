import { groupOf, naming } from '../diagnosis/devices.ts'
import { type RefusedStart, refusalSays, refusedStarts } from '../diagnosis/refused-starts.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { addressesOf, claimsOf, functionsOf, usersOf } from '../diagnosis/target-devices.ts'
import { addressesIn } from '../facts/address.ts'
import type { Facts } from '../facts/facts.ts'

/** Messages P-RESERVED, P-NOFREE, Q-OPEN and Q-SETCONT-BUSY (FACTS 6): a device has one holder at a time. */
export const deviceInUse = defineRule({
  id: 'device-in-use',
  title: 'The device is in use by another guest',
  why: 'A device can be with one guest at a time: Proxmox reserves it before the start, and the kernel opens its IOMMU group once. Nothing on the host is wrong.',
  fix: 'Shut the guest that has it down first, or give each guest a device of its own. Where backups, automation or high availability start both, keep the two apart in time, and let only one of them start at boot.',
  links: [
    'https://git.proxmox.com/?p=qemu-server.git;a=blob;f=src/PVE/QemuServer/PCI.pm',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
  ],
  needs: ['tasks'],
  check: (facts, target) => {
    const refused = refusedStarts(facts, target, 'device-in-use')
    const [first] = refused
    if (!first) return 'ok'
    const devices = [...new Set(refused.flatMap((one) => devicesOf(facts, one)))].toSorted()
    const holders = holdersOf(facts, first)
    const strangers = first.message.named.guest === undefined ? holders : []
    const says = refusalSays(first)
    const held = strangers.map(({ id }) => `guest ${id}`).join(' and ')
    return {
      severity: first.over ? 'notice' : 'blocker',
      devices,
      says:
        strangers.length === 0 ? says : says.replace(/\.$/, ` (${held} runs and is given ${namesOf(facts, first)}).`),
      evidence: [
        ...refused.flatMap(({ evidence }) => evidence),
        ...holders.map(({ id }): Evidence => ({ saw: `qemu ${id}`, probe: 'running' })),
      ],
      remedies: [],
    }
  },
})

/** The devices that the failure names, or those behind the hostpci line that it names. */
function devicesOf(facts: Facts, { guest, message, evidence }: RefusedStart): string[] {
  const named = evidence.flatMap(({ saw }) => addressesIn(saw))
  const taker = facts.guests?.find(({ id }) => id === guest)
  const claims = taker ? claimsOf(facts, taker).filter(({ key }) => key === message.named.line) : []
  return [...functionsOf(facts, [...named, ...claims.flatMap(addressesOf)]).devices]
}

/** Guests that run now and are given one of the devices or another one of its group, other than the one that did not start. */
function holdersOf(facts: Facts, refused: RefusedStart) {
  const groups = facts['iommu-groups'] ?? []
  const devices = devicesOf(facts, refused).flatMap((address) => [
    address,
    ...(groupOf(groups, address)?.devices ?? []),
  ])
  return usersOf(facts, devices).filter(
    ({ id }) => id !== refused.guest && facts.running?.some((one) => one.kind === 'qemu' && one.id === id),
  )
}

const namesOf = (facts: Facts, refused: RefusedStart): string =>
  devicesOf(facts, refused)
    .map((address) => naming(facts, address))
    .join(', ')
