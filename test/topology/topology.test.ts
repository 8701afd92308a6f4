import { describe, expect, test } from 'vitest'
import type { Facts } from '../../src/facts/facts.ts'
import { devicesOf } from '../../src/topology/chosen.ts'
import { type Branch, type Device, type Topology, topologyOf } from '../../src/topology/topology.ts'
import { largeServer, pictured } from './nodes.ts'

type Shown = NonNullable<Facts['lspci']>[number]

const device = (address: string, more: Partial<Shown> = {}): Shown => ({
  ...{ address, class: '0200', className: 'Ethernet controller', vendor: '8086', device: '1533' },
  ...{ name: 'I210', driver: 'igb', modules: [], ...more },
})
const port = (address: string, driver: string | null = 'pcieport') =>
  device(address, { class: '0604', className: 'PCI bridge', driver })

const drawn = ({ device: { address }, below }: Branch): string =>
  below.length ? `${address.slice(-7)}(${below.map(drawn).join(' ')})` : address.slice(-7)
const treeOf = ({ roots }: Topology) => roots.map(({ name, branches }) => `${name}: ${branches.map(drawn).join(' ')}`)
const at = (topology: Topology, address: string): Device | undefined =>
  devicesOf(topology.roots).find((one) => one.address === address)

describe('the tree', () => {
  const switched: Facts['pci-paths'] = [
    { address: '0000:04:00.0', parent: '0000:03:08.0' },
    { address: '0000:03:08.0', parent: '0000:02:00.0' },
    { address: '0000:02:00.0', parent: '0000:00:1c.0' },
    { address: '0000:00:1c.0', parent: null },
    { address: '0000:00:02.0', parent: null },
    { address: '0000:80:01.0', parent: null },
  ]
  test.each<[string, Facts, Topology['by'], string[]]>([
    [
      'follows the paths, through switches',
      { 'pci-paths': switched },
      'paths',
      ['0000:00: 00:02.0 00:1c.0(02:00.0(03:08.0(04:00.0)))', '0000:80: 80:01.0'],
    ],
    [
      'follows them into a domain of its own',
      {
        'pci-paths': [
          { address: '10000:e0:06.0', parent: '0000:00:0e.0' },
          { address: '0000:00:0e.0', parent: null },
        ],
      },
      'paths',
      ['0000:00: 00:0e.0(e0:06.0)'],
    ],
    [
      'shows a bridge that only a path names, and a device without a path',
      { 'pci-paths': [{ address: '0000:01:00.0', parent: '0000:00:01.0' }], lspci: [device('0000:05:00.0')] },
      'paths',
      ['0000:00: 00:01.0(01:00.0)', '0000:05: 05:00.0'],
    ],
    [
      'holds each device once where paths go in a circle',
      {
        'pci-paths': [
          { address: '0000:01:00.0', parent: '0000:02:00.0' },
          { address: '0000:02:00.0', parent: '0000:01:00.0' },
        ],
      },
      'paths',
      ['0000:01: 01:00.0(02:00.0)'],
    ],
    [
      'goes by groups where no path was read, and keeps who is in none',
      { 'iommu-groups': [{ id: 3, devices: ['0000:01:00.0', '0000:00:01.0'] }], lspci: [device('0000:07:00.0')] },
      'groups',
      ['3: 00:01.0 01:00.0', 'null: 07:00.0'],
    ],
    [
      'is a list where there is neither',
      { lspci: [device('0000:07:00.0'), device('0000:01:00.0')], 'iommu-groups': [] },
      'nothing',
      ['null: 01:00.0 07:00.0'],
    ],
    ['is empty where nothing was read', {}, 'nothing', []],
  ])('%s', (_, facts, by, tree) => {
    const topology = topologyOf(facts, null)
    expect({ by: topology.by, tree: treeOf(topology) }).toEqual({ by, tree })
  })

  test('begins with the root that holds trouble', () => {
    expect(pictured(largeServer(2)).roots.map(({ name }) => name)).toEqual(['0000:80', '0000:00'])
    expect(topologyOf(largeServer(2), null).roots.map(({ name }) => name)).toEqual(['0000:00', '0000:80'])
  })
})

describe('a device', () => {
  const facts: Facts = {
    lspci: [
      port('0000:00:01.0'),
      port('0000:00:1e.0', null),
      port('0000:02:00.0'),
      device('0000:01:00.0', { driver: null }),
    ],
    'pci-paths': [
      { address: '0000:00:01.0', parent: null },
      { address: '0000:00:1e.0', parent: null },
      { address: '0000:02:00.0', parent: '0000:00:01.0' },
      { address: '0000:01:00.0', parent: '0000:00:01.0' },
    ],
  }
  test.each([
    ['a port on a root bus with the driver of ports', '0000:00:01.0', 'root-port'],
    ['a bridge of old PCI', '0000:00:1e.0', 'bridge'],
    ['a port of a switch', '0000:02:00.0', 'bridge'],
    ['an endpoint', '0000:01:00.0', 'device'],
  ])('is called what it is: %s', (_, address, kind) => expect(at(topologyOf(facts, null), address)?.kind).toBe(kind))

  test('is no root port while it is not known where it hangs', () => {
    const { lspci = [] } = facts
    expect(at(topologyOf({ lspci }, null), '0000:00:01.0')?.kind).toBe('bridge')
  })

  test('has no driver, which is another thing than an unknown one', () => {
    expect(at(topologyOf(facts, null), '0000:01:00.0')?.driver).toBeNull()
    const unread = topologyOf({ 'iommu-groups': [{ id: 0, devices: ['0000:01:00.0'] }] }, null)
    expect(at(unread, '0000:01:00.0')).not.toHaveProperty('driver')
  })

  test('tells its group with the size, that it is in none, or nothing where the groups were not read', () => {
    const groups = [{ id: 0, devices: ['0000:00:01.0', '0000:01:00.0'] }]
    const known = topologyOf({ ...facts, 'iommu-groups': groups }, null)
    expect(at(known, '0000:01:00.0')?.group).toEqual({ id: 0, size: 2 })
    expect(at(known, '0000:02:00.0')?.group).toBeNull()
    expect(at(topologyOf(facts, null), '0000:01:00.0')).not.toHaveProperty('group')
  })

  test.each<[string, Partial<NonNullable<Facts['reserved-regions']>[number]>, Device['regions']]>([
    ['of its group', {}, ['direct']],
    ['that are relaxable', { type: 'direct-relaxable' }, ['direct-relaxable']],
    ['but not those for interrupts', { type: 'msi' }, []],
    ['but not those of another group', { group: 8 }, []],
    [
      'but not the low 16 MiB of the ISA bridge',
      { start: '0x0', end: '0x0000000000ffffff', type: 'direct-relaxable' },
      [],
    ],
  ])('tells the reserved regions %s', (_, region, regions) => {
    const base = { group: 7, start: '0xbdf83000', end: '0xbdf84fff', type: 'direct' }
    const groups = [{ id: 7, devices: ['0000:01:00.0'] }]
    const topology = topologyOf({ 'iommu-groups': groups, 'reserved-regions': [{ ...base, ...region }] }, null)
    expect(at(topology, '0000:01:00.0')?.regions).toEqual(regions)
  })

  test('tells virtual functions from physical ones', () => {
    const topology = topologyOf(largeServer(1), null)
    expect(at(topology, '0000:10:00.0')?.virtuals).toBe(32)
    expect(at(topology, '0000:10:02.0')?.physfn).toBe('0000:10:00.0')
  })
})

describe('owners', () => {
  type Guest = NonNullable<Facts['guests']>[number]
  const guest = (id: number, more: Partial<Guest['hostpci'][number]>): Guest => ({
    ...{ id, kind: 'qemu', name: 'nas', onboot: false, config: {} },
    hostpci: [{ key: 'hostpci0', addresses: [], mapping: null, options: {}, ...more }],
  })
  const base: Facts = {
    lspci: [device('0000:01:00.0'), device('0000:01:00.1')],
    'host-devices': [{ use: 'nic', name: 'vmbr0', address: '0000:01:00.1' }],
  }
  const given: Facts = { ...base, guests: [guest(101, { addresses: ['0000:01:00', '0000:01:00.0'] })] }

  test('are the host and the guests that are given the device or its slot, each once', () => {
    expect(at(topologyOf({ ...given, running: [] }, null), '0000:01:00.1')?.owners).toEqual([
      { kind: 'host', use: 'nic', name: 'vmbr0' },
      { kind: 'guest', guest: 'vm', id: 101, name: 'nas', state: 'stopped', onboot: false },
    ])
    expect(at(topologyOf(given, null), '0000:01:00.0')?.owners).toHaveLength(1)
  })
  test.each([
    ['running', [{ kind: 'qemu' as const, id: 101 }], 'running'],
    ['stopped', [], 'stopped'],
    ['unknown, where it was not read', undefined, 'unknown'],
  ])('are guests that are %s', (_, running, state) => {
    const topology = topologyOf({ ...given, ...(running && { running }) }, null)
    expect(at(topology, '0000:01:00.0')?.owners).toMatchObject([{ state }])
  })
  test('are guests by a mapping too', () => {
    const entries = [{ node: 'node3', id: null, paths: ['0000:01:00.0'], iommuGroup: null }]
    const mapped = { ...base, guests: [guest(5, { mapping: 'nic' })], mappings: [{ name: 'nic', entries }] }
    expect(at(topologyOf(mapped, null), '0000:01:00.0')?.owners).toMatchObject([{ id: 5 }])
    expect(topologyOf({ ...base, guests: [guest(5, { mapping: 'nic' })] }, null).unread).toContain('mappings')
  })
  test('of what is not on the node are told apart, where the devices were read', () => {
    const lost = { guests: [guest(101, { addresses: ['0000:05:00.0'] })] }
    expect(topologyOf({ ...base, ...lost }, null).gone).toMatchObject([
      { address: '0000:05:00.0', owners: [{ id: 101 }] },
    ])
    expect(topologyOf(lost, null).gone).toEqual([])
  })
})

describe('the report', () => {
  test('marks its devices, the worst first, and what the diagnosis is narrowed to', () => {
    const topology = pictured(largeServer(1), { kind: 'vm', id: 300 })
    expect(at(topology, '0000:81:00.1')).toMatchObject({ aimed: true })
    expect(at(topology, '0000:81:00.1')?.troubles[0]).toMatchObject({
      rule: 'group-holds-host-device',
      severity: 'blocker',
    })
    expect(at(topology, '0000:10:00.0')).toMatchObject({ aimed: false, troubles: [] })
    expect(topology).toMatchObject({ node: 'node3', target: 'vm:300' })
  })
  test('may be missing: nothing is called healthy then', () => {
    expect(topologyOf(largeServer(1), null)).toMatchObject({ node: null, verdict: null, troubles: [], takenAt: null })
  })
})

describe('what was not read', () => {
  test.each<[string, Facts, Topology['unread']]>([
    ['everything', {}, ['pci-paths', 'lspci', 'iommu-groups', 'reserved-regions', 'host-devices', 'guests']],
    ['nothing', largeServer(1), []],
    [
      'no regions, which without an IOMMU there are none of',
      { 'iommu-units': [], 'iommu-groups': [], lspci: [], 'pci-paths': [], 'host-devices': [], guests: [] },
      [],
    ],
  ])('is named: %s', (_, facts, unread) => expect(topologyOf(facts, null).unread).toEqual(unread))
})
