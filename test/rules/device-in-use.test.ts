import { deviceInUse } from '../../src/rules/device-in-use.ts'
import { conf, runs } from './guest-text.ts'
import { device, failed, groups, lspci } from './sample.ts'
import { testRule } from './test-rule.ts'

const inUse = "PCI device '0000:05:00.0' already in use by VMID '104'"
const two = conf({ 102: { hostpci0: '05:00.0' }, 104: { hostpci0: '05:00.0' } })
const busy = 'kvm: -device vfio-pci,host=0000:05:00.0,id=hostpci0: vfio 0000:05:00.0'

testRule(deviceInUse, {
  ok: {
    'no start failed': { facts: { tasks: [], ...two, ...runs(104) } },
    'two guests are given one device, and neither start failed': { facts: { tasks: [], ...two } },
    'the guest runs by now': { facts: { ...failed(102, [inUse]), ...runs(102) } },
    'the device is there but not to be had: that is no other guest': {
      facts: failed(100, [
        `${busy}: error getting device from group 16: Permission denied`,
        'Verify all devices in group 16 are bound to vfio-<bus> or pci-stub and not already in use',
      ]),
    },
    'a group that is not viable': { facts: failed(100, [`${busy}: group 16 is not viable`]) },
    'a reservation that was left over': {
      facts: failed(102, [
        'leftover PCI reservation found for 0000:05:00.0, lets take it...',
        `${busy}: group 1 is not viable`,
      ]),
    },
    'another device was in use': {
      facts: { ...failed(102, [inUse]), ...conf({ 102: { hostpci0: '05:00.0' }, 103: { hostpci0: '06:00.0' } }) },
      target: 'device:06:00.0',
    },
    'the same bus and slot in another domain': {
      facts: failed(102, ["PCI device '0001:05:00.0' already in use by VMID '104'"]),
      target: 'device:0000:05:00.0',
    },
  },
  found: {
    'another guest runs with it': {
      facts: { ...failed(102, [inUse]), ...two, ...runs(104) },
      target: 'vm:102',
      severity: 'blocker',
      devices: ['0000:05:00.0'],
      saw: 'qemu 104',
      says: /guest 104 has 0000:05:00.0 already: .*qm shutdown 104/,
    },
    'and nobody knows who runs': { facts: failed(102, [], inUse), severity: 'blocker', saw: inUse },
    'it is reserved': {
      facts: failed(102, [], "PCI device '0000:05:00.0' is currently reserved for use by VMID '104'"),
      severity: 'blocker',
      target: 'device:05:00.0',
    },
    'the other guest is down by now': {
      facts: { ...failed(102, [inUse]), ...two, ...runs() },
      severity: 'notice',
      says: /over by now, so try again/,
    },
    'no alternative of a mapping is free': {
      facts: {
        ...failed(102, [], "could not find a free device for 'hostpci0'"),
        mappings: [{ name: 'vf', entries: [{ node: 'node1', id: null, paths: ['0000:05:00.1'], iommuGroup: 3 }] }],
        ...conf({ 102: { hostpci0: 'mapping=vf', hostpci1: '06:00.0' } }),
      },
      severity: 'blocker',
      devices: ['0000:05:00.1'],
    },
    'the group is open': {
      facts: {
        ...failed(102, [`${busy}: failed to open /dev/vfio/13: Device or resource busy`]),
        ...conf({ 102: { hostpci0: '05:00.0' }, 104: { hostpci0: '05:00.1' } }),
        ...groups({ 13: ['0000:05:00.0', '0000:05:00.1'] }),
        ...lspci(device('0000:05:00.0')),
        ...runs(104),
      },
      severity: 'blocker',
      says: /\(guest 104 runs and is given 0000:05:00.0 \(NVIDIA GA106\)\)/,
    },
    'in the words of a newer QEMU': {
      facts: failed(102, [`${busy}: Could not open '/dev/vfio/13': Device or resource busy`]),
      severity: 'blocker',
    },
    'the group is claimed': {
      facts: failed(102, [
        `${busy}: failed to setup container for group 13: Failed to set group container: Device or resource busy`,
      ]),
      severity: 'blocker',
      devices: ['0000:05:00.0'],
    },
  },
})
