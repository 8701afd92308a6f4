import type { Facts } from '../../src/facts/facts.ts'
import { mappingStale } from '../../src/rules/mapping-stale.ts'
import { device, failed, groups, guest, guests, lspci, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

const [host, gpu, nic] = ['0000:00:00.0', '0000:01:00.0', '0000:03:00.0']
const all = lspci(
  device(host, { class: '0600', vendor: '8086', device: '3e0f' }),
  device(gpu),
  device(nic, { class: '0200', vendor: '8086', device: '1572' }),
)
const node: Facts = { ...all, ...groups({ 0: [host], 12: [gpu], 13: [nic] }) }
const entry = (name: string, values: Record<string, string>) => {
  const text = Object.entries({ id: '10de:2504', iommugroup: '12', node: name, path: gpu, ...values })
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const value = (key: string) => new RegExp(`(?:^|,)${key}=([^,]*)`).exec(text)?.[1] ?? ''
  return {
    node: name,
    id: value('id'),
    paths: value('path').split(';'),
    iommuGroup: value('iommugroup') === '' ? null : Number(value('iommugroup')),
    text,
  }
}
const mapping = (...entries: ReturnType<typeof entry>[]): Facts => ({ mappings: [{ name: 'gpu0', entries }] })
const user = guests(
  guest(101, [], { node: 'node1', hostpci: [{ key: 'hostpci0', addresses: [], mapping: 'gpu0', options: {} }] }),
  guest(102, [nic], { node: 'node1' }),
)
const invalid = (why: string) => failed(101, [], `PCI device mapping invalid (hardware probably changed): ${why}`)
const one = { ...node, ...user }

testRule(mappingStale, {
  ok: {
    'it is as it was': { facts: { ...one, ...mapping(entry('node1', {})) } },
    'a slot stands for its first function': { facts: { ...one, ...mapping(entry('node1', { path: '0000:01:00' })) } },
    'the entry of another node is none of ours': {
      facts: { ...one, ...mapping(entry('node1', {}), entry('node2', { iommugroup: '40', path: '0000:65:00.0' })) },
    },
    'there are no mappings': { facts: { ...one, mappings: [] } },
    'without an IOMMU -1 is stored and right': {
      facts: { ...all, ...user, ...noIommu, ...mapping(entry('node1', { iommugroup: '-1' })) },
    },
    'the target uses none of them': {
      facts: { ...one, ...mapping(entry('node1', { iommugroup: '40' })) },
      target: 'vm:102',
    },
    'the guest uses none, so that they need not be read': { facts: one, target: 'vm:102' },
    'the group of the second path is not compared': {
      facts: {
        ...one,
        ...lspci(device(host, { class: '0600' }), device(gpu), device('0000:02:00.0')),
        ...groups({ 0: [host], 12: [gpu], 14: ['0000:02:00.0'] }),
        ...mapping(entry('node1', { path: `${gpu};0000:02:00.0` })),
      },
    },
    'a start failed over it, and it matches again': {
      facts: { ...one, ...mapping(entry('node1', {})), ...invalid("'iommugroup' does not match for 'gpu0' (12 != 1)") },
    },
  },
  found: {
    'another group': {
      facts: { ...one, ...mapping(entry('node1', { iommugroup: '1', 'subsystem-id': '1043:8810' })) },
      severity: 'warning',
      saw: 'IOMMU group 1 is stored, and 0000:01:00.0 is in group 12',
      says: /pvesh set \/cluster\/mapping\/pci\/gpu0 --map 'id=10de:2504,iommugroup=12,node=node1,path=0000:01:00\.0,subsystem-id=1043:8810' \(these/,
      remedies: [],
    },
    'the command carries the entries of other nodes': {
      facts: { ...one, ...mapping(entry('node1', { iommugroup: '1' }), entry('node2', { iommugroup: '40' })) },
      says: /--map 'id=10de:2504,iommugroup=12,node=node1,path=0000:01:00\.0' --map 'id=10de:2504,iommugroup=40,node=node2/,
    },
    'no group is stored, which Proxmox wants': {
      facts: {
        ...one,
        ...mapping({ ...entry('node1', {}), iommuGroup: null, text: `id=10de:2504,node=node1,path=${gpu}` }),
      },
      says: /--map 'id=10de:2504,node=node1,path=0000:01:00\.0,iommugroup=12' \(/,
    },
    'stored without an IOMMU': {
      facts: { ...one, ...mapping(entry('node1', { iommugroup: '-1' })) },
      target: 'vm:101',
    },
    'another card sits there, and the one that was meant elsewhere': {
      facts: { ...one, ...mapping(entry('node1', { path: nic, iommugroup: '13' })) },
      saw: '0000:03:00.0 is 8086:1572, not 10de:2504; 10de:2504 is at 0000:01:00.0',
      says: /--map 'id=10de:2504,iommugroup=12,node=node1,path=0000:01:00\.0' \(/,
      target: 'device:03:00.0',
    },
    'nothing sits there': {
      facts: { ...one, ...mapping(entry('node1', { path: '0000:09:00', iommugroup: '13' })) },
      saw: 'there is no 0000:09:00.0',
      says: /path=0000:01:00' \(/,
    },
    'and nothing of its kind anywhere: no command can be right': {
      facts: { ...one, ...mapping(entry('node1', { path: '0000:09:00.0', id: '1002:73bf' })) },
      says: /^Mapping gpu0 no longer matches: there is no 0000:09:00\.0\.$/,
    },
    'it is why the guest did not start': {
      facts: {
        ...one,
        ...mapping(entry('node1', { iommugroup: '1' })),
        ...invalid("'iommugroup' does not match for 'gpu0' (12 != 1)"),
      },
      severity: 'blocker',
      saw: 'hardware probably changed',
    },
    'the start alone says so': {
      facts: invalid("'iommugroup' does not match for 'gpu0' (15 != 1)"),
      severity: 'blocker',
      says: /'gpu0' \(15 != 1\)\.$/,
    },
    'what is not probed may still be wrong': {
      facts: {
        ...one,
        ...mapping(entry('node1', {})),
        ...invalid("'subsystem-id' does not match for 'gpu0' (1 != 2)"),
      },
      severity: 'blocker',
    },
  },
  unknown: {
    'the mappings were not read': { facts: one },
    'the node’s own name was not read': { facts: { ...node, ...mapping(entry('node1', { iommugroup: '1' })) } },
    'the groups were not read': { facts: { ...all, ...user, ...mapping(entry('node1', {})) } },
    'the device is not in an excerpt of lspci': {
      facts: { ...one, ...lspci(device(nic)), ...groups({ 13: [nic] }), ...mapping(entry('node1', {})) },
    },
    'that the device is not there is another finding': {
      facts: invalid("pci device '0000:01:00.0' not found"),
    },
  },
})
