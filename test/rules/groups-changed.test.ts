import type { Visit } from '../../src/diagnosis/visit.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { groupsChanged } from '../../src/rules/groups-changed.ts'
import { device, groups, lspci, noIommu } from './sample.ts'
import { testRule } from './test-rule.ts'

const [bridge, gpu, sound, nic] = ['0000:00:01.0', '0000:01:00.0', '0000:01:00.1', '0000:02:00.0']
const ids = { [bridge]: '8086:1901', [gpu]: '10de:2504', [sound]: '10de:228e', [nic]: '8086:1572' }
const without = (...gone: string[]) => Object.fromEntries(Object.entries(ids).filter(([one]) => !gone.includes(one)))
const seen = (all: Record<string, string>): Facts =>
  lspci(
    ...Object.entries(all).map(([address, id]) =>
      device(address, { vendor: id.slice(0, 4), device: id.slice(5), name: `name of ${id}` }),
    ),
  )
const nics = (by: Record<string, string>): Facts => ({
  health: {
    nics: Object.entries(by).map(([name, mac]) => ({ name, mac, state: 'up', address: null })),
    bridges: [],
    mounts: [],
    failedUnits: [],
    dmaFaults: 0,
    system: 'running',
  },
})
const mac = '52:54:00:00:00:01'
const past: Visit = {
  at: '2026-11-22T09:00:00.000Z',
  groups: { 1: [bridge, gpu, sound], 2: [nic] },
  devices: ids,
  nics: { eno1: mac, vmbr0: mac },
}
const same = groups({ 1: [bridge, gpu, sound], 2: [nic] })
const node: Facts = { ...same, ...seen(ids), ...nics({ eno1: mac, vmbr0: mac }) }
const renumbered = groups({ 14: [bridge, gpu, sound], 15: [nic] })
const mapping = (path: string, iommuGroup: number | null): Facts => ({
  mappings: [{ name: 'gpu', entries: [{ node: 'node1', id: '10de:2504', paths: [path], iommuGroup }] }],
})

testRule(groupsChanged, {
  ok: {
    'nothing has changed': { facts: node, past },
    'nothing is remembered': { facts: node },
    'other numbers, and nothing rests on them': { facts: { ...node, ...renumbered, mappings: [] }, past },
    'other numbers, and the mapping stores none': { facts: { ...node, ...renumbered, ...mapping(gpu, null) }, past },
    'what could not be read now is not gone': { facts: same, past },
    'what could not be read then is not new': { facts: node, past: { ...past, devices: null, nics: null } },
    'no IOMMU then, none now': { facts: { ...node, ...noIommu }, past: { ...past, groups: {} } },
    'a guest’s NIC came and went': { facts: { ...node, ...nics({ eno1: mac, vmbr0: mac, wg0: 'unknown' }) }, past },
  },
  found: {
    'a device left its group': {
      facts: { ...node, ...groups({ 1: [bridge], 2: [nic], 3: [gpu], 4: [sound] }) },
      past,
      severity: 'notice',
      devices: [bridge, gpu, sound],
      saw: `${gpu}: group 3 alone, was group 1 with ${bridge} ${sound}`,
      says: /^Since the visit of 2026-11-22 09:00 UTC: 3 devices are grouped with others\.$/,
      remedies: [],
    },
    'groups were merged': {
      facts: { ...node, ...groups({ 1: [bridge, gpu, sound, nic] }) },
      past,
      saw: `${nic}: group 1 with`,
    },
    'a device fell out of its group': {
      facts: { ...node, ...groups({ 1: [bridge, gpu, sound] }) },
      past,
      saw: `${nic}: in no group, was group 2 alone`,
    },
    'other numbers, and a mapping stores one': {
      facts: { ...node, ...renumbered, ...mapping('0000:01:00', 1) },
      past,
      saw: `${bridge} ${gpu} ${sound}: group 14, was 1; a mapping stores the number`,
      devices: [],
    },
    'a card moved': {
      facts: {
        ...node,
        ...seen({ ...without(gpu, sound), '0000:03:00.0': '10de:2504', '0000:03:00.1': '10de:228e' }),
        ...groups({ 1: [bridge, '0000:03:00.0', '0000:03:00.1'], 2: [nic] }),
      },
      past,
      saw: '0000:03:00.0 (name of 10de:2504) was at 0000:01:00.0',
      says: /: 2 devices have other addresses\.$/,
    },
    'a card came and shifted the network card': {
      facts: {
        ...node,
        ...seen({ ...ids, [nic]: '144d:a808', '0000:03:00.0': '8086:1572' }),
        ...groups({ 1: [bridge, gpu, sound], 2: [nic], 3: ['0000:03:00.0'] }),
        ...nics({ enp3s0: mac, vmbr0: mac }),
      },
      past,
      saw: 'NIC eno1 is called enp3s0 now',
      devices: [nic],
      says: /1 device has another address, 1 device came, 1 NIC has another name/,
    },
    'a device is gone': {
      facts: { ...node, ...seen(without(nic)), ...groups({ 1: [bridge, gpu, sound] }) },
      past,
      saw: `${nic} is gone`,
      says: /: 1 device is gone\.$/,
    },
    'the IOMMU was switched on': {
      facts: node,
      past: { ...past, groups: {} },
      saw: '2 IOMMU groups, 0 before',
      says: /the IOMMU was switched on or off\.$/,
      devices: [],
    },
    'a device is gone, and no IOMMU runs then or now': {
      facts: { ...node, ...noIommu, ...seen(without(nic)) },
      past: { ...past, groups: {} },
      says: /UTC: 1 device is gone\.$/,
    },
    'by the groups alone, where lspci was not read': {
      facts: groups({ 1: [bridge, gpu, sound], 2: [nic], 3: ['0000:04:00.0'] }),
      past: { ...past, devices: null },
      saw: '0000:04:00.0 is new',
    },
  },
  unknown: {
    'other numbers, and the mappings were not read': { facts: { ...node, ...renumbered }, past },
  },
})
