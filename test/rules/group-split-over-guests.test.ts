import type { Facts } from '../../src/facts/facts.ts'
import { groupSplitOverGuests } from '../../src/rules/group-split-over-guests.ts'
import { groups, guest, guests } from './sample.ts'
import { testRule } from './test-rule.ts'

const [gpu, sound, usb, other] = ['0000:01:00.0', '0000:01:00.1', '0000:02:00.0', '0000:03:00.0']
const node = groups({ 1: ['0000:00:01.0', gpu, sound, usb], 2: [other] })
const option = (address: string, options: Record<string, string>) => ({
  hostpci: [{ key: 'hostpci0', addresses: [address], mapping: null, options }],
})
const mapped = (id: number) =>
  guest(id, [], { node: 'node1', hostpci: [{ key: 'hostpci0', addresses: [], mapping: 'gpu', options: {} }] })
const mapping = (...paths: string[]): Facts => ({
  mappings: [
    { name: 'gpu', entries: paths.map((path) => ({ node: 'node1', id: null, paths: [path], iommuGroup: null })) },
  ],
})

testRule(groupSplitOverGuests, {
  ok: {
    'one guest has it all': { facts: { ...node, ...guests(guest(101, [gpu, sound, usb])) } },
    'each guest has a group of its own': { facts: { ...node, ...guests(guest(101, [gpu]), guest(102, [other])) } },
    'no guest is given a device, and groups were not needed': { facts: guests(guest(101, []), guest(102, [])) },
    'mediated devices of one card': {
      facts: {
        ...node,
        ...guests(
          guest(101, [], option(gpu, { mdev: 'nvidia-63' })),
          guest(102, [], option(gpu, { mdev: 'nvidia-63' })),
        ),
      },
    },
    'two guests choose from a mapping with two devices': {
      facts: { ...node, ...mapping(gpu, other), ...guests(mapped(101), mapped(102)) },
    },
    'a template is no guest that runs': {
      facts: { ...node, ...guests(guest(101, [gpu]), guest(900, [gpu], { config: { template: '1' } })) },
    },
    'two others split a group, the target has its own': {
      facts: { ...node, ...guests(guest(101, [gpu]), guest(102, [usb]), guest(103, [other])) },
      target: 'vm:103',
    },
  },
  found: {
    'the same device': {
      facts: guests(guest(102, ['0000:05:00.0']), guest(104, ['0000:05:00.0'])),
      severity: 'warning',
      devices: ['0000:05:00.0'],
      says: /^Guests 102 and 104 are both given 0000:05:00\.0\.$/,
      saw: 'guest 104: 0000:05:00.0',
      remedies: [],
    },
    'the whole card and one function of it': {
      facts: { ...node, ...guests(guest(101, ['0000:01:00']), guest(102, [sound])) },
      saw: 'group 1',
    },
    'two devices of one group': {
      facts: { ...node, ...guests(guest(101, [gpu]), guest(102, [usb])) },
      target: 'vm:102',
      devices: [gpu, usb],
      says: /one IOMMU group \(1\)/,
      saw: 'group 1: 0000:01:00.0 0000:02:00.0',
    },
    'the target is one of the devices': {
      facts: { ...node, ...guests(guest(101, [gpu]), guest(102, [usb])) },
      target: 'device:02:00',
    },
    'a mapping with one device, and its address': {
      facts: { ...node, ...mapping(gpu), ...guests(mapped(101), guest(102, [gpu])) },
    },
  },
  unknown: {
    'whether two devices are of one group': { facts: guests(guest(101, [gpu]), guest(102, [usb])) },
    'what a mapping stands for': { facts: { ...node, ...guests(mapped(101), guest(102, [other])) } },
    'other guests, by the text of one': { facts: { ...node, ...guests(guest(0, [gpu])) } },
  },
})
