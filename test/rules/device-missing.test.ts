import { expect, test } from 'vitest'
import { deviceMissing } from '../../src/rules/device-missing.ts'
import { guestStartFailed } from '../../src/rules/guest-start-failed.ts'
import { device, failed, guest, guests, lspci, modprobeD } from './sample.ts'
import { neverTurns, shown, sysfs } from './sample-hardware.ts'
import { ask, type Shown, testRule } from './test-rule.ts'

const host = device('0000:00:00.0', { class: '0600', vendor: '8086', device: '4650' })
const gpu = device('0000:02:00.0')
const sound = device('0000:02:00.1', { class: '0403', device: '228e' })
const all = lspci(host, gpu, sound)
const excerpt = lspci(gpu, sound)
const mapping = (path: string, node = 'node1', id: string | null = '10de:2504'): Shown['facts'] => ({
  mappings: [{ name: 'gpu0', entries: [{ node, id, paths: [path], iommuGroup: 14 }] }],
})
const mapped = guest(101, [], {
  hostpci: [{ key: 'hostpci0', addresses: [], mapping: 'gpu0', options: { pcie: '1' } }],
})
const options = (key: string, addresses: string[], given: Record<string, string>) => ({
  hostpci: [{ key, addresses, mapping: null, options: given }],
})

const noFailure = { tasks: [] }
const ok: Record<string, Shown> = {
  'it is there': { facts: { ...noFailure, ...all, ...guests(guest(101, ['0000:02:00'])) } },
  'an excerpt shows it': {
    facts: { ...noFailure, ...excerpt, ...guests(guest(101, ['0000:02:00.0'])) },
    target: 'vm:101',
  },
  'sysfs shows it': { facts: { ...noFailure, ...sysfs(shown('0000:02:00.0')), ...guests(guest(101, ['0000:02:00'])) } },
  'the mapping leads to it': { facts: { ...noFailure, ...all, ...guests(mapped), ...mapping('0000:02:00.0') } },
  'another guest lacks one': {
    facts: { ...noFailure, ...all, ...guests(guest(101, ['0000:02:00']), guest(102, ['0000:05:00'])) },
    target: 'vm:101',
  },
  'a template is never started': {
    facts: { ...noFailure, ...all, ...guests(guest(900, ['0000:05:00'], { config: { template: '1' } })) },
  },
  'the device asked for': { facts: { ...noFailure, ...all }, target: 'device:02:00.0' },
  'no guest is given anything': { facts: { ...noFailure, ...all, ...guests(guest(101, [])) } },
}

const found: Record<string, Shown> = {
  'the address is not there': {
    facts: { ...all, ...guests(guest(101, ['0000:01:00'])) },
    severity: 'blocker',
    devices: ['0000:01:00.0'],
    saw: 'none of the 3 devices is at 0000:01:00',
    says: /Guest 101 is given 0000:01:00, .*qm set 101 --hostpci0 <address>/,
    remedies: [],
  },
  'the last visit saw what it was': {
    facts: { ...all, ...guests(guest(101, [], options('hostpci1', ['0000:01:00'], { pcie: '1', 'x-vga': '1' }))) },
    past: { at: '2026-11-01T00:00:00Z', groups: {}, devices: { '0000:01:00.0': '10de:2504' }, nics: null },
    says: /by the last visit, the device \(10de:2504\) is now likely at 0000:02:00 \(qm set 101 --hostpci1 0000:02:00,pcie=1,x-vga=1\)/,
  },
  'one of two devices of a line': {
    facts: { ...all, ...guests(guest(101, [], options('hostpci0', ['0000:02:00.1', '0000:01:00.0'], {}))) },
    devices: ['0000:01:00.0'],
    says: /qm set 101 --hostpci0 '0000:02:00\.1;<address>'/,
  },
  'the ids of vfio-pci tell which': {
    facts: {
      ...all,
      ...guests(guest(101, ['0000:01:00.0'])),
      ...modprobeD('options vfio-pci ids=10de:2504,10de:228e'),
    },
    says: /by the ids of vfio-pci, a device is now likely at 0000:02:00\.0 \(qm set 101/,
  },
  'the mapping tells which': {
    facts: { ...all, ...guests(mapped), ...mapping('0000:01:00.0') },
    severity: 'blocker',
    says: /by the mapping gpu0.*10de:2504.*0000:02:00\.0 \(qm set 101 --hostpci0 0000:02:00\.0,pcie=1\)/,
  },
  'the mapping tells which, even in an excerpt': {
    facts: { ...excerpt, ...guests(mapped), ...mapping('0000:01:00.0') },
    severity: 'blocker',
    saw: '10de:2504 is at 0000:02:00.0',
  },
  'the mapping is for another node': {
    facts: {
      ...all,
      ...guests({ ...mapped, node: 'node1' }),
      ...mapping('0000:01:00.0', 'node2'),
    },
    severity: 'blocker',
    saw: 'no entry of the mapping gpu0',
  },
  'the mapping is not there at all': {
    facts: { ...all, ...guests(mapped), mappings: [] },
    severity: 'blocker',
    says: /Resource Mappings/,
  },
  'Proxmox found none, and nothing else was read': {
    facts: failed(101, [], "no PCI device found for '0000:01:00'"),
    target: 'vm:101',
    severity: 'blocker',
    devices: ['0000:01:00.0'],
    saw: 'no PCI device found',
    says: /^Guest 101 is given 0000:01:00, .*qm set 101 --hostpci<N> <address>/,
  },
  'QEMU found none': {
    facts: {
      ...excerpt,
      ...guests(guest(101, ['0000:01:00.0'])),
      ...failed(101, [
        'kvm: -device vfio-pci,host=0000:01:00.0: vfio /sys/bus/pci/devices/0000:01:00.0: no such host device: No such file or directory',
      ]),
    },
    severity: 'blocker',
    saw: 'no such host device',
  },
  'QEMU found none, as older ones say it': {
    facts: failed(101, ['kvm: vfio: error: no such host device: /sys/bus/pci/devices/0000:01:00.0/']),
    severity: 'blocker',
  },
  'the mapping was not found': {
    facts: failed(101, [], "PCI device mapping not found for 'gpu0'"),
    severity: 'blocker',
    says: /mapping gpu0/,
  },
  'the device asked for': { facts: all, target: 'device:01:00.0', severity: 'blocker', devices: ['0000:01:00.0'] },
  'the device asked for, by the words of Proxmox alone': {
    facts: failed(101, [], "no PCI device found for '0000:01:00.0'"),
    target: 'device:01:00.0',
    severity: 'blocker',
    devices: ['0000:01:00.0'],
  },
  'the device asked for, which a guest is given by its slot': {
    facts: { ...all, ...guests(guest(101, ['0000:01:00'])) },
    target: 'device:01:00.0',
    devices: ['0000:01:00.0'],
    says: /^Guest 101 is given 0000:01:00, [^.]*\.[^.]*$/,
  },
  'a virtual function that was not made again': {
    facts: { ...all, ...sysfs(shown('0000:02:00.0', { sriovVfs: 0 })), ...guests(guest(101, ['0000:02:10.0'])) },
    says: /virtual function of 0000:02:00\.0, none is made/,
  },
  'it was missing, and is there again': {
    facts: {
      ...all,
      ...guests(guest(101, ['0000:02:00'])),
      ...failed(101, [], "no PCI device found for '0000:02:00'"),
    },
    severity: 'notice',
  },
}

testRule(deviceMissing, {
  ok,
  found,
  unknown: {
    'an excerpt does not show it': { facts: { ...excerpt, ...guests(guest(101, ['0000:01:00'])) } },
    'the only other one of its kind belongs to another mapping': {
      facts: {
        ...excerpt,
        ...guests(mapped),
        mappings: [
          ...(mapping('0000:01:00.0').mappings ?? []),
          { name: 'gpu1', entries: [{ node: 'node1', id: '10de:2504', paths: ['0000:02:00.0'], iommuGroup: 15 }] },
        ],
      },
    },
    'what the guests get was not read': { facts: { ...noFailure, ...all } },
    'no start was read': { facts: { ...all, ...guests(guest(101, ['0000:02:00'])) } },
    'what the mapping holds was not read': { facts: { ...all, ...guests(mapped) } },
    'another guest has the device': {
      facts: { ...all, ...failed(102, [], "PCI device '0000:01:00.0' already in use by VMID '101'") },
    },
    'a reset that failed is something else': {
      facts: { ...all, ...failed(102, ["failed to reset PCI device '0000:01:00.0', but trying to continue"]) },
    },
  },
})
neverTurns(deviceMissing, ok, found)

test('a start that failed over a device that is there again is no failure of now', () => {
  const facts = { ...all, ...failed(101, [], "no PCI device found for '0000:02:00'") }
  expect(ask(guestStartFailed, { facts })).toMatchObject({ status: 'found', severity: 'notice' })
  const gone = { ...all, ...failed(101, [], "no PCI device found for '0000:01:00'") }
  expect(ask(guestStartFailed, { facts: gone })).toMatchObject({ status: 'found', severity: 'blocker' })
})
