import type { Facts } from '../../src/facts/facts.ts'
import { onbootGuestTakesHostDevice } from '../../src/rules/onboot-guest-takes-host-device.ts'
import { groups, guest, guests, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

const host = (...all: [use: string, name: string, address: string][]): Facts => ({
  'host-devices': all.map(([use, name, address]) => ({ use, name, address })),
})
const node: Facts = {
  ...groups({ 5: ['0000:00:14.0', '0000:00:14.3'], 6: ['0000:01:00.0'], 7: ['0000:02:00.0'] }),
  ...host(['nic', 'vmbr0', '0000:00:14.3'], ['disk', 'rpool', '0000:02:00.0']),
}
const atBoot = { onboot: true }
const mapped = (mapping: string, options: Record<string, string> = {}) => ({
  ...atBoot,
  node: 'node1',
  hostpci: [{ key: 'hostpci0', addresses: [], mapping, options }],
})
const usb: Facts = {
  mappings: [{ name: 'usb', entries: [{ node: 'node1', id: '8086:a36d', paths: ['0000:00:14.0'], iommuGroup: 5 }] }],
}

testRule(onbootGuestTakesHostDevice, {
  ok: {
    'the guest is started by hand': { facts: { ...node, ...guests(guest(101, ['0000:00:14.0'])) } },
    'its group holds nothing of the host': { facts: { ...node, ...guests(guest(101, ['0000:01:00.0'], atBoot)) } },
    'it is given no device': { facts: { ...node, ...guests(guest(101, [], atBoot)) } },
    'a template never starts': {
      facts: { ...node, ...guests(guest(101, ['0000:00:14.0'], { ...atBoot, config: { template: '1' } })) },
    },
    'a mediated device leaves the card with the host': {
      facts: {
        ...node,
        ...guests(
          guest(101, [], {
            ...atBoot,
            hostpci: [{ key: 'hostpci0', addresses: ['0000:02:00.0'], mapping: null, options: { mdev: 'nvidia-63' } }],
          }),
        ),
      },
    },
    'the target is another card': {
      facts: { ...node, ...guests(guest(101, ['0000:00:14.0'], atBoot), guest(102, ['0000:01:00.0'], atBoot)) },
      target: 'device:01:00.0',
    },
    'the console that it is given on purpose': {
      facts: {
        ...node,
        ...host(['console', 'boot_vga', '0000:01:00.0']),
        ...guests(guest(101, ['0000:01:00.0'], atBoot)),
      },
    },
  },
  found: {
    'the network card goes with the controller': {
      facts: { ...node, ...guests(guest(101, ['0000:00:14.0'], atBoot)) },
      severity: 'blocker',
      devices: ['0000:00:14.0', '0000:00:14.3'],
      saw: 'guest 101: onboot: 1',
      says: /run qm set 101 --onboot 0 before that/,
      remedies: ['clear-onboot'],
    },
    'the disk itself, by its slot': {
      facts: { ...node, ...guests(guest(101, ['0000:02:00'], atBoot)) },
      saw: 'disk rpool 0000:02:00.0',
    },
    'through a mapping': { facts: { ...node, ...usb, ...guests(guest(101, [], mapped('usb'))) } },
    'another guest of the group starts at boot': {
      facts: { ...node, ...guests(guest(101, ['0000:00:14.0']), guest(102, ['0000:00:14.3'], atBoot)) },
      target: 'device:00:14.0',
      says: /guest 102/,
    },
    'two guests do it': {
      facts: { ...node, ...guests(guest(101, ['0000:00:14.0'], atBoot), guest(102, ['0000:02:00.0'], atBoot)) },
      says: /qm set 101 --onboot 0 and qm set 102 --onboot 0/,
    },
  },
  unknown: {
    'what the mapping stands for was not read': { facts: { ...node, ...guests(guest(101, [], mapped('usb'))) } },
    'a host that stands on nothing was not read': {
      facts: { ...node, 'host-devices': [], ...guests(guest(101, ['0000:00:14.0'], atBoot)) },
    },
    'the device is in no group': {
      facts: { ...node, ...noIommu, ...guests(guest(101, ['0000:01:00.0'], atBoot)) },
    },
  },
})
