import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { isOutdated, startFailures, usefulLines } from '../diagnosis/start-failures.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'
import { addressesIn } from '../facts/address.ts'
import type { Facts } from '../facts/facts.ts'
import type { Tasks } from '../facts/probes/tasks.ts'

/** FACTS 9.1: "QEMU exited with code 1" wraps any failure; the line above it says which. */
export const guestStartFailed = defineRule({
  id: 'guest-start-failed',
  title: 'A guest did not start',
  why: 'The last start of a guest with a passed-through device failed. "QEMU exited with code 1" only says that it did; the line above says why.',
  fix: 'Read the line that is shown. Where a cause further up explains it, cure that one; otherwise correct what the line names and start the guest again.',
  links: ['https://pve.proxmox.com/wiki/PCI_Passthrough'],
  needs: ['tasks'],
  mutedBy: [
    'iommu-off-in-firmware',
    'cpu-virtualization-off',
    'interrupt-remapping-missing',
    'wrong-boot-file',
    'boot-config-not-generated',
    'reboot-pending',
    'iommu-off',
    'cmdline-typo',
    'wrong-kernel-running',
    'kernel-regression',
    'rmrr-blocks-device',
    'kernel-lacks-relaxable-rmrr',
    'amd-unity-map-blocks-device',
    'group-holds-host-device',
    'group-shared',
    'mapping-stale',
    'device-missing',
    'device-gone-dead',
    'host-driver-bound',
    'vfio-not-available',
    'guest-config',
    'guest-memory-locked',
    'mediated-device-refused',
    'device-in-use',
    'framebuffer-holds-gpu',
    'no-reset',
  ],
  clear: 'no start has failed',
  matters: true,
  check: (facts, target) => {
    const failures = startFailures(facts, target)
    if (failures.length === 0) return 'ok'
    const fresh = failures.filter((task) => !isOutdated(facts, task))
    const cases = (fresh.length > 0 ? fresh : failures).map((task) => ({
      devices: devicesOf(facts, task),
      evidence: evidenceOf(task),
      says: fresh.length > 0 ? whyNot(task) : overBy(task),
    }))
    return {
      severity: fresh.length > 0 ? 'blocker' : 'notice',
      devices: [...new Set(cases.flatMap(({ devices }) => devices))].toSorted(),
      says: cases[0]?.says ?? 'A start failed.',
      evidence: cases.flatMap(({ evidence }) => evidence),
      cases,
      remedies: [],
    }
  },
})

/** What the lines name; where they name no device, those that the guest is given. */
function devicesOf(facts: Facts, task: Tasks[number]): string[] {
  const named = [...new Set(usefulLines(task).flatMap(addressesIn))].toSorted()
  return named.length > 0 || task.guest === null
    ? named
    : [...targetDevices(facts, { kind: 'vm', id: task.guest }).devices].toSorted()
}

const who = ({ guest }: Tasks[number]): string => (guest === null ? 'A guest' : `Guest ${guest}`)

const whyNot = (task: Tasks[number]): string =>
  `${who(task)} did not start: ${(usefulLines(task)[0] ?? 'its start failed').replace(/^\S+: -device \S+: /, '')}`

const overBy = (task: Tasks[number]): string =>
  `${who(task)} did not start earlier, and the reason it gave no longer holds; try again.`

const evidenceOf = (task: Tasks[number]): Evidence[] => [
  ...usefulLines(task).map((saw): Evidence => ({ saw, probe: 'tasks' })),
  ...(task.error !== null ? [{ saw: `TASK ERROR: ${task.error}`, probe: 'tasks' } as const] : []),
]
