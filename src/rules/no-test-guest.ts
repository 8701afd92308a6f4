import { guestName } from '../diagnosis/guest-config.ts'
import { iommuActive } from '../diagnosis/iommu.ts'
import { directRegions, mappingRefusals } from '../diagnosis/refusals.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { isOutdated, startFailures } from '../diagnosis/start-failures.ts'
import type { Target } from '../diagnosis/target.ts'
import { addressesOf, functionsOf } from '../diagnosis/target-devices.ts'
import { targetGuests } from '../diagnosis/target-guests.ts'
import type { Facts } from '../facts/facts.ts'
import { isOn } from '../facts/probes/guests.ts'
import type { ProbeName } from '../facts/probes.ts'

/** The guide's advice to test with a small guest first. It counts where a change may be due: something is asked about, or does not work. */
export const noTestGuest = defineRule({
  id: 'no-test-guest',
  title: 'Only production guests have the device',
  why: 'Every guest that is given the device starts with the host or runs now. A change of the kernel line or of the firmware is then tried out on guests that people depend on.',
  fix: 'Make a small guest with the same hostpci line and without "Start at boot" (qm create <vmid> --name passthrough-test --memory 2048 --machine q35, then qm set <vmid> --hostpci0 …), and start it first while the other guest is down.',
  links: [
    'https://pve.proxmox.com/wiki/PCI_Passthrough',
    'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough',
  ],
  needs: ['guests'],
  check: (facts, target) => {
    const { due, unread } = changeDue(facts, target)
    if (due === null && unread.length === 0) return 'ok'
    const { guests, unknown } = targetGuests(facts, target)
    const users = guests.filter(({ guest }) => !isOn(guest.config.template))
    const runs = (id: number) => facts.running?.some((one) => one.kind === 'qemu' && one.id === id)
    const open = users.filter(({ guest }) => !guest.onboot && runs(guest.id) !== true)
    if (open.some(({ guest }) => guest.id > 0) && facts.running) return 'ok'
    const missing = [
      ...unknown,
      ...(open.length > 0 ? [facts.running ? ('guests' as const) : ('running' as const)] : []),
      ...(due === null ? unread : []),
    ]
    if (missing.length > 0) return { unknown: missing }
    if (users.length === 0) return 'ok'
    const names = users.map(({ guest }) => guestName(guest.id)).join(', ')
    return {
      severity: 'notice',
      devices: [
        ...functionsOf(
          facts,
          users.flatMap(({ lines }) => lines.flatMap(({ claim }) => addressesOf(claim))),
        ).devices,
      ],
      says: `Only production guests have the device (${names}); a change is best tried with a small guest of its own first.`,
      evidence: users.map(
        ({ guest }): Evidence =>
          guest.onboot
            ? { saw: `${guestName(guest.id)}: onboot: 1`, probe: 'guests' }
            : { saw: `qemu ${guest.id}`, probe: 'running' },
      ),
      remedies: [],
    }
  },
})

/** Whether a change with risk may be due, and by what; `unread`: what could tell so and was not read. */
function changeDue(facts: Facts, target: Target | null): { due: string | null; unread: ProbeName[] } {
  const reasons: [string, boolean][] = [
    ['target', target !== null],
    ['failed start', startFailures(facts, target).some((task) => !isOutdated(facts, task))],
    ['no IOMMU', iommuActive(facts) === false],
    ['refused by the kernel', mappingRefusals(facts, target).length > 0],
    ['fixed regions', directRegions(facts, target).devices.length > 0],
  ]
  const due = reasons.find(([, holds]) => holds)?.[0] ?? null
  const wanted = ['tasks', 'kernel-log', 'iommu-groups', 'reserved-regions'] as const
  return { due, unread: due === null ? wanted.filter((probe) => !facts[probe]) : [] }
}
