import { guestStartFailed } from '../../src/rules/guest-start-failed.ts'
import { failed, groups, guest, guests, wholeLog } from './sample.ts'
import { testRule } from './test-rule.ts'

const denied =
  'kvm: -device vfio-pci,host=0000:07:00.0: vfio 0000:07:00.0: failed to setup container for group 12: Failed to set iommu for container: Operation not permitted'

testRule(guestStartFailed, {
  ok: {
    'no start failed': { facts: { tasks: [] } },
    'the guest runs by now': { facts: { ...failed(101, [denied]), running: [{ kind: 'qemu', id: 101 }] } },
    'another guest failed': { facts: failed(102, [denied]), target: 'vm:101' },
    'the failure is about another device': {
      facts: {
        ...failed(102, ['kvm: vfio 0000:09:00.0: group 3 is not viable']),
        ...guests(guest(102, ['0000:09:00.0'])),
      },
      target: 'device:01:00.0',
    },
    'a guest without a device failed over its disk': {
      facts: { ...failed(102, [], "volume 'local:1' does not exist"), ...guests(guest(102, [])) },
    },
  },
  found: {
    'the line above the wrapper is what counts': {
      facts: failed(101, [
        "failed to reset PCI device '0000:07:00.0', but trying to continue as not all devices need a reset",
        denied,
      ]),
      severity: 'blocker',
      says: /Guest 101 did not start: vfio 0000:07:00.0: .*Operation not permitted/,
      saw: denied,
    },
    "Proxmox's own refusal is the line": {
      facts: failed(104, [], 'cannot prepare PCI pass-through, IOMMU not present'),
      severity: 'blocker',
      says: /IOMMU not present/,
    },
    'only the newest failure of a guest counts': {
      facts: {
        tasks: [1, 2].map((at) => ({ upid: null, guest: 5, startedAt: at, lines: [`kvm: failed ${at}`], error: null })),
      },
      says: /failed 2/,
    },
    'a log without its last line': {
      facts: failed(100, ['vfio: failed to set iommu for container: Operation not permitted'], null),
      severity: 'blocker',
    },
    'harmless lines are never the reason': {
      facts: failed(100, ['kvm: vfio: Cannot reset device 0000:03:00.0, no available reset mechanism.']),
      says: /QEMU exited with code 1/,
    },
    'it failed before this boot: the IOMMU runs now': {
      facts: {
        ...failed(104, [], 'cannot prepare PCI pass-through, IOMMU not present'),
        ...groups({ 0: ['0000:00:02.0'] }),
      },
      severity: 'notice',
    },
    'it failed before this boot: this kernel has refused nothing': {
      facts: { ...failed(101, [denied]), ...wholeLog('DMAR: Host address width 39') },
      severity: 'notice',
    },
  },
})
