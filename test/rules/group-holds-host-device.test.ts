import type { Facts } from '../../src/facts/facts.ts'
import { groupHoldsHostDevice } from '../../src/rules/group-holds-host-device.ts'
import { groups, guest, guests } from './sample.ts'
import { testRule } from './test-rule.ts'

const host = (...all: [use: string, name: string, address: string][]): Facts => ({
  'host-devices': all.map(([use, name, address]) => ({ use, name, address })),
})
const five = groups({ 5: ['0000:00:14.0', '0000:00:14.2', '0000:00:14.3'], 6: ['0000:01:00.0'], 7: ['0000:02:00.0'] })
const nic = host(['nic', 'vmbr0', '0000:00:14.3'])

testRule(groupHoldsHostDevice, {
  ok: {
    'the host stands on other groups': { facts: { ...five, ...nic }, target: 'device:01:00.0' },
    'the target is the console itself, which is another finding': {
      facts: { ...five, ...host(['console', 'boot_vga', '0000:01:00.0']) },
      target: 'device:01:00.0',
    },
    'no guest is given a device': { facts: { ...five, ...nic, ...guests(guest(1, [])) } },
  },
  found: {
    'the network card of the bridge is in the group': {
      facts: { ...five, ...nic },
      target: 'device:00:14.0',
      severity: 'blocker',
      devices: ['0000:00:14.0', '0000:00:14.3'],
      saw: 'nic vmbr0 0000:00:14.3',
      remedies: [],
    },
    'the target is the boot disk itself': {
      facts: { ...five, ...host(['disk', '/', '0000:02:00.0']) },
      target: 'device:02:00.0',
      devices: ['0000:02:00.0'],
    },
    'a guest would take it at the next boot': {
      facts: { ...five, ...nic, ...guests(guest(101, ['0000:00:14.0'], { onboot: true })) },
      says: /guest 101 would take it at the next boot/,
      saw: 'onboot: 1',
    },
    'the console is another device of the group': {
      facts: { ...five, ...host(['console', 'boot_vga', '0000:00:14.2']) },
      target: 'device:00:14.0',
    },
  },
  unknown: {
    'the target is in no group that was seen': { facts: { ...five, ...nic }, target: 'device:09:00.0' },
    'the target is a slot that nobody has seen': { facts: { ...five, ...nic }, target: 'device:09:00' },
    'what the guests get was not read': { facts: { ...five, ...nic } },
    'a host that stands on nothing was not read': { facts: { ...five, 'host-devices': [] }, target: 'device:01:00.0' },
  },
})
