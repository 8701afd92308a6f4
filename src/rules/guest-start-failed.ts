import { defineRule } from '../diagnosis/rule.ts'
import { isOutdated, startFailures, usefulLines } from '../diagnosis/start-failures.ts'
import { addressesIn } from '../facts/address.ts'

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
    const [shown] = fresh.length > 0 ? fresh : failures
    const [line = 'its start failed'] = shown ? usefulLines(shown) : []
    const who = shown?.guest == null ? 'A guest' : `Guest ${shown.guest}`
    return {
      severity: fresh.length > 0 ? 'blocker' : 'notice',
      devices: [...new Set((fresh.length > 0 ? fresh : failures).flatMap(usefulLines).flatMap(addressesIn))].toSorted(),
      says:
        fresh.length > 0
          ? `${who} did not start: ${line.replace(/^\S+: -device \S+: /, '')}`
          : `${who} did not start earlier, and the reason it gave no longer holds; try again.`,
      evidence: (fresh.length > 0 ? fresh : failures).flatMap((task) => [
        ...usefulLines(task).map((saw) => ({ saw, probe: 'tasks' as const })),
        ...(task.error !== null ? [{ saw: `TASK ERROR: ${task.error}`, probe: 'tasks' as const }] : []),
      ]),
      remedies: [],
    }
  },
})
