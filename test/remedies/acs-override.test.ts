import { describe, expect, test } from 'vitest'
import { checkAllowed } from '../../src/bootconfig/allowed-arguments.ts'
import { isRefusal } from '../../src/errors.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { acsOverride } from '../../src/remedies/acs-override.ts'
import { device, groups, line, lspci } from '../rules/sample.ts'

const [port, otherPort, gpu, nic] = ['0000:00:01.0', '0000:00:01.1', '0000:01:00.0', '0000:02:00.0']
const bridge = (address: string, id: string) => device(address, { class: '0604', vendor: '8086', device: id })
const ailment = { cause: 'group-shared', devices: [gpu] }
const node: Facts = {
  ...line('quiet iommu=pt'),
  uname: '6.8.12-4-pve',
  ...lspci(
    device('0000:00:00.0', { class: '0600' }),
    bridge(port, '1901'),
    bridge(otherPort, '1905'),
    device(gpu),
    device('0000:01:00.1', { class: '0403' }),
    device(nic, { class: '0200', vendor: '8086', device: '1572' }),
  ),
  ...groups({ 1: [port, otherPort, gpu, '0000:01:00.1', nic], 2: ['0000:00:17.0'] }),
  'host-devices': [{ use: 'disk', name: 'rpool', address: '0000:00:17.0' }],
}
const paths: Facts = {
  'pci-paths': [
    { address: port, parent: null },
    { address: otherPort, parent: null },
    { address: gpu, parent: port },
    { address: '0000:01:00.1', parent: port },
    { address: nic, parent: otherPort },
  ],
}
const caps = (acs: Record<string, string | null>): Facts => ({
  'lspci-caps': Object.entries(acs).map(([address, acsCap]) => ({
    address,
    flr: null,
    linkSpeed: null,
    linkWidth: null,
    acsCap,
    acsCtl: null,
  })),
})
const wish = (more: Facts = {}, devices = ailment.devices) =>
  acsOverride.wish({ ...node, ...more }, { ...ailment, devices })

describe('what it wants', () => {
  test.each<[string, Facts, string]>([
    ['the port above the device, by its id', paths, 'pcie_acs_override=id:8086:1901'],
    ['the ports of the group, where the paths are not known', {}, 'pcie_acs_override=id:8086:1901,id:8086:1905'],
    [
      'no port that has ACS of its own',
      caps({ [port]: 'SrcValid+ TransBlk+', [otherPort]: null }),
      'pcie_acs_override=id:8086:1905',
    ],
    [
      'all ports above it that are in the group, also the one that is part of a card with other functions',
      {
        ...lspci(bridge(port, '1901'), bridge('0000:03:00.2', '43c6'), bridge('0000:04:01.0', '43c7'), device(gpu)),
        ...groups({ 1: ['0000:03:00.2', '0000:04:01.0', gpu, '0000:03:00.0'], 3: [port] }),
        'pci-paths': [
          { address: gpu, parent: '0000:04:01.0' },
          { address: '0000:04:01.0', parent: '0000:03:00.2' },
          { address: '0000:03:00.2', parent: port },
          { address: port, parent: null },
        ],
      },
      'pcie_acs_override=id:8086:43c6,id:8086:43c7',
    ],
    [
      'every port, where there are more ids than the kernel takes',
      {
        ...lspci(device(gpu), ...Array.from({ length: 16 }, (_, at) => bridge(`0000:00:${at + 30}.0`, `${a(at)}901`))),
        ...groups({ 1: [gpu, ...Array.from({ length: 16 }, (_, at) => `0000:00:${at + 30}.0`)] }),
      },
      'pcie_acs_override=downstream',
    ],
  ])('%s', (_, more, word) => {
    const wanted = wish(more)
    expect(wanted).toMatchObject({ args: { add: [word], remove: [] }, risk: 2 })
    if (!isRefusal(wanted)) expect(checkAllowed(wanted.args)).toBeUndefined()
  })
  test('a value that does nothing makes room', () => {
    expect(wish({ ...paths, ...line('quiet pcie_acs_override=on') })).toMatchObject({
      args: { add: ['pcie_acs_override=id:8086:1901'], remove: ['pcie_acs_override=on'] },
    })
  })
  test('is called a loss of isolation, with what is better and which mappings break', () => {
    const mappings: Facts = {
      mappings: [{ name: 'gpu0', entries: [{ node: 'node1', id: null, paths: [gpu], iommuGroup: 1 }] }],
    }
    const wanted = wish({ ...paths, ...mappings })
    expect(JSON.stringify(wanted)).toMatch(/loss of isolation.*only claimed.*Another slot.*gpu0/)
  })
})

const a = (at: number) => at.toString(16)

describe('it is refused', () => {
  const grouped = (address: string): Facts => groups({ 1: [port, gpu, address] })
  test.each<[string, Facts, RegExp]>([
    ['on a kernel of Debian', { uname: '6.1.0-18-amd64' }, /6\.1\.0-18-amd64 does not have/],
    ['on a kernel that nobody knows', { uname: '6.9.3-zen1' }, /does not have/],
    ['where it is live already', line('quiet pcie_acs_override=downstream'), /live already/],
    [
      'around a network card of the host',
      { 'host-devices': [{ use: 'nic', name: 'vmbr0', address: nic }] },
      /nic vmbr0/,
    ],
    [
      'around a disk of the host',
      { ...grouped('0000:00:17.0'), 'host-devices': [{ use: 'disk', name: 'rpool', address: '0000:00:17.0' }] },
      /disk rpool/,
    ],
    [
      'around a disk that nobody uses yet',
      { ...grouped(nic), ...lspci(bridge(port, '1901'), device(gpu), device(nic, { class: '0108' })) },
      /a disk or its controller/,
    ],
    ['where the only port has ACS of its own', { ...paths, ...caps({ [port]: 'SrcValid+' }) }, /no port above/],
    ['where what the host stands on was not read', { 'host-devices': [] }, /could not be read/],
    ['where the kernel was not read', { uname: undefined } as unknown as Facts, /could not be read/],
  ])('%s', (_, more, why) => {
    expect(wish(more)).toMatchObject({ refused: expect.stringMatching(why) })
  })
  test('for parts of the chipset, which no port stands above', () => {
    const chipset: Facts = groups({ 5: ['0000:00:14.0', '0000:00:14.2'] })
    expect(wish(chipset, ['0000:00:14.0'])).toMatchObject({ refused: expect.stringContaining('chipset') })
    const hanging: Facts = { 'pci-paths': [{ address: '0000:00:14.0', parent: null }] }
    expect(wish({ ...chipset, ...hanging }, ['0000:00:14.0'])).toHaveProperty('refused')
  })
  test('not around the console that is the target itself', () => {
    expect(wish({ ...paths, 'host-devices': [{ use: 'console', name: 'boot_vga', address: gpu }] })).toHaveProperty(
      'args',
    )
  })
})

describe('it is cured', () => {
  const after = (by: Record<number, string[]>, more: Facts = {}) =>
    acsOverride.uncured({ ...node, ...groups(by), ...more }, ailment)
  test.each<[string, Record<number, string[]>, RegExp | null]>([
    ['when the device is alone', { 1: [port], 2: [gpu], 3: [nic] }, null],
    ['when only its port and its other function are with it', { 1: [port, gpu, '0000:01:00.1'], 3: [nic] }, null],
    ['not while another one is with it', { 1: [port, gpu, nic] }, /group 1 with 0000:02:00\.0$/],
    ['not while one is with it that lspci does not show', { 1: [gpu, '0000:09:00.0'] }, /0000:09:00\.0/],
    ['not when it is in no group any more', { 1: [port] }, /no IOMMU group/],
  ])('%s', (_, by, says) => {
    expect(after(by)).toEqual(says === null ? [] : [expect.stringMatching(says)])
  })
  test('not by the kernel’s word, and not where nothing was read', () => {
    const said = { 'kernel-log': { lines: ['Warning: PCIe ACS overrides enabled'], reachesBoot: true } }
    expect(acsOverride.uncured(said, ailment)).not.toEqual([])
    expect(after({ 1: [port, gpu, nic] }, said)).not.toEqual([])
  })
  test('a virtual function is no other function of its card', () => {
    const vf = '0000:01:00.2'
    const virtual = (address: string, physfn: string | null) => ({
      address,
      resetMethods: null,
      bootVga: null,
      d3coldAllowed: null,
      powerState: null,
      numaNode: null,
      driverOverride: null,
      sriovVfs: null,
      physfn,
    })
    expect(after({ 1: [gpu, vf] }, { ...lspci(device(gpu), device(vf)), 'pci-sysfs': [virtual(vf, gpu)] })).toEqual([
      expect.stringContaining(vf),
    ])
  })
})
