import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressesIn } from '../../src/facts/address.ts'
import { collect } from '../../src/facts/collect.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { learn } from '../../src/facts/learn.ts'
import type { Probe } from '../../src/facts/probe.ts'
import { type ProbeName, probes } from '../../src/facts/probes.ts'
import { fakeRoot, localNode } from './local-node.ts'

const read = <N extends ProbeName>(name: N, text: string): Facts[N] =>
  learn({ node: null, takenAt: null, probes: { [name]: { exit: 0, text } } }).facts[name]

const file = (path: string, text: string) => text.replace(/^/gm, `/etc/pve/nodes/node1/${path}.conf:`)

describe('the hostpci lines of a guest', () => {
  const one = (line: string) => read('guests', file('qemu-server/101', line))?.[0]?.hostpci[0]
  it.each([
    ['a slot without a domain', 'hostpci0: 01:00', ['0000:01:00'], null, {}],
    ['a function', 'hostpci0: 0000:01:00.1', ['0000:01:00.1'], null, {}],
    ['upper case', 'hostpci0: 0000:C3:00.0', ['0000:c3:00.0'], null, {}],
    ['several devices', 'hostpci0: 01:00.0;02:00', ['0000:01:00.0', '0000:02:00'], null, {}],
    ['named host', 'hostpci1: host=0000:01:00.0,pcie=1', ['0000:01:00.0'], null, { pcie: '1' }],
    ['host behind an option', 'hostpci1: pcie=1,host=01:00', ['0000:01:00'], null, { pcie: '1' }],
    ['another domain', 'hostpci0: 0001:01:00.0', ['0001:01:00.0'], null, {}],
    ['a domain of five digits', 'hostpci15: 10000:e1:00.0', ['10000:e1:00.0'], null, {}],
    ['a virtual function', 'hostpci0: 0000:41:02.7,pcie=1', ['0000:41:02.7'], null, { pcie: '1' }],
    ['a mapping', 'hostpci0: mapping=gpu-1,x-vga=1', [], 'gpu-1', { 'x-vga': '1' }],
    ['a mediated device', 'hostpci0: 00:02.0,mdev=i915-GVTg_V5_4', ['0000:00:02.0'], null, { mdev: 'i915-GVTg_V5_4' }],
    ['one of a mapping', 'hostpci0: mapping=vgpu,mdev=nvidia-63', [], 'vgpu', { mdev: 'nvidia-63' }],
    ['the driver kept', 'hostpci0: 01:00.0,driver=keep', ['0000:01:00.0'], null, { driver: 'keep' }],
  ])('%s', (_, line, addresses, mapping, options) => {
    expect(one(line)).toMatchObject({ addresses, mapping, options })
  })

  it('are those of the guest itself: no snapshot, no change that waits, no comment', () => {
    const text =
      '#hostpci9: 09:00\nhostpci0: 01:00\n[PENDING]\nhostpci1: 02:00\ndelete: hostpci0\n[before-update]\nhostpci2: 03:00\n[special:cloudinit]\nhostpci3: 04:00'
    expect(read('guests', file('qemu-server/101', text))?.[0]?.hostpci.map(({ key }) => key)).toEqual(['hostpci0'])
    expect(read('guests', text)?.[0]?.hostpci.map(({ key }) => key)).toEqual(['hostpci0'])
  })

  it('are not those of a container: it has device nodes', () => {
    const text =
      'hostname: dns\ndev0: /dev/dri/renderD128,gid=104\nlxc.cgroup2.devices.allow: c 226:0 rwm\nhostpci0: 01:00\n[old]\ndev1: /dev/nvidia0'
    const [container] = read('guests', file('lxc/200', text)) ?? []
    expect(container).toMatchObject({ id: 200, kind: 'lxc', name: 'dns', node: 'node1', hostpci: [] })
    expect(container?.config).toMatchObject({ dev0: '/dev/dri/renderD128,gid=104' })
    expect(container?.config).not.toHaveProperty('dev1')
  })

  it('belong to a node and a number where the path tells them', () => {
    expect(read('guests', file('qemu-server/101', 'onboot: yes'))).toMatchObject([
      { id: 101, node: 'node1', onboot: true },
    ])
    expect(read('guests', 'onboot: 0\nhostpci0: 01:00')).toMatchObject([{ id: 0, node: null, onboot: false }])
  })
})

it('a mapping is read with its description, its alternatives and in every form of its head', () => {
  const text = `gpu
\tdescription the fast one
\tmap description=the left slot,id=10DE:2504,iommugroup=12,node=node1,path=0000:01:00.0;0000:01:00.1
\tmap id=10de:2504,node=node1,path=0000:02:00
\tmdev 1

pci: nic
\tmap node=node2,path=10000:03:00.0,id=8086:1572,iommugroup=-1
`
  const entry = (node: string, id: string, paths: string[], iommuGroup: number | null) => ({
    node,
    id,
    paths,
    iommuGroup,
  })
  expect(read('mappings', text)).toMatchObject([
    {
      name: 'gpu',
      entries: [
        entry('node1', '10de:2504', ['0000:01:00.0', '0000:01:00.1'], 12),
        entry('node1', '10de:2504', ['0000:02:00'], null),
      ],
    },
    { name: 'nic', entries: [entry('node2', '8086:1572', ['10000:03:00.0'], -1)] },
  ])
})

describe('addresses in a text', () => {
  it.each([
    ["PCI device '0000:05:00.0' already in use", ['0000:05:00.0']],
    ["no PCI device found for '0000:02:00'", ['0000:02:00']],
    ['kvm: -device vfio-pci,host=01:00.0,id=hostpci0,bus=pci.2,addr=0x0: vfio 0000:01:00.0: no', ['0000:01:00.0']],
    ['vfio 10000:e1:00.0: group 1 is not viable', ['10000:e1:00.0']],
    ['/sys/bus/pci/devices/0000:C3:00.1/reset', ['0000:c3:00.1']],
    ['depends on 0000:01:00.1.', ['0000:01:00.1']],
    ['2025-04-25T14:42:06.039307Z qemu: at 09:16:06.649618 and 12:01:00', []],
    ['net0: virtio=BC:24:11:AA:BB:CC, 52:54:00:00:00:01', []],
    ['id=10de:2504, 02:00.12, 01:00.9, port 0x1f:02', []],
    ['vfio 00000000-0000-0000-0000-000000000101: error', []],
  ])('%s', (text, addresses) => expect(addressesIn(text)).toEqual(addresses))

  it('every address is found wherever it stands', () => {
    const hex = (digits: number) => fc.nat(16 ** digits - 1).map((value) => value.toString(16).padStart(digits, '0'))
    const address = fc.tuple(hex(4), hex(2), hex(2), fc.nat(7)).map(([a, b, c, d]) => `${a}:${b}:${c}.${d}`)
    const around = fc.constantFrom('', ' ', "'", '(', ')', ',', '=', ': ', '; ', '/', ' -> ')
    fc.assert(
      fc.property(address, around, around, (one, before, after) => {
        expect(addressesIn(`${before}${one}${after}`)).toEqual([one])
      }),
    )
  })
})

describe('interrupts of passed-through devices', () => {
  it.each([
    [
      'messages',
      ' 156:  4 0  7 IR-PCI-MSI-0000:01:00.0    0-edge      vfio-msi[0](0000:01:00.0)',
      [['0000:01:00.0', 'msi', 11]],
    ],
    ['of an older kernel', ' 80:  1  IR-PCI-MSI 524288-edge  vfio-msi[0](0000:01:00.0)', [['0000:01:00.0', 'msi', 1]]],
    [
      'vectors',
      ' 81: 1 IR-PCI-MSIX-10000:e1:00.0 0-edge vfio-msix[0](10000:e1:00.0)\n 82: 2 IR-PCI-MSIX-10000:e1:00.0 1-edge vfio-msix[1](10000:e1:00.0)',
      [['10000:e1:00.0', 'msix', 3]],
    ],
    [
      'a shared line',
      ' 16: 0 0 IR-IO-APIC 16-fasteoi vfio-intx(0000:01:00.0), i801_smbus, vfio-intx(0000:02:00.0)',
      [
        ['0000:01:00.0', 'intx', 0],
        ['0000:02:00.0', 'intx', 0],
      ],
    ],
    ['none', '', []],
    ['other ones', ' 16: 12 IR-IO-APIC 16-fasteoi i801_smbus\nNMI: 4 Non-maskable interrupts', []],
  ])('%s', (_, text, all) => {
    expect(read('vfio-interrupts', text)).toEqual(all.map(([address, kind, count]) => ({ address, kind, count })))
  })
})

it.each([
  [
    '/sys/devices/system/node/node0/cpulist:0-7,16-23\r\n/sys/devices/system/node/node11/cpulist:\n',
    [
      [0, '0-7,16-23'],
      [11, ''],
    ],
  ],
  ['', []],
])('the NUMA nodes in %j', (text, all) =>
  expect(read('numa', text)).toEqual(all.map(([node, cpus]) => ({ node, cpus }))),
)

describe('on a node', () => {
  const look = async (files: Parameters<typeof fakeRoot>[0]) => {
    const { rewrite } = fakeRoot(files)
    const names: readonly string[] = ['vfio-interrupts', 'numa']
    const asked = probes.filter(({ name }) => names.includes(name)) as readonly Probe[]
    return learn(await collect(localNode({ rewrite }).transport, 'node1', { now: () => new Date(0), probes: asked }))
  }

  it('a hundred counts become one, large ones too', async () => {
    const counts = Array.from({ length: 100 }, () => '100000000').join(' ')
    const { facts } = await look({
      'proc/interrupts': `           CPU0 CPU1\n 9: 1 IR-IO-APIC 9-fasteoi acpi\n 156: ${counts} IR-PCI-MSI-0000:01:00.0 0-edge vfio-msi[0](0000:01:00.0)\n`,
      'sys/devices/system/node/node0/cpulist': '0-15\n',
      'sys/devices/system/node/possible': '0\n',
    })
    expect(facts['vfio-interrupts']).toEqual([{ address: '0000:01:00.0', kind: 'msi', count: 10_000_000_000 }])
    expect(facts.numa).toEqual([{ node: 0, cpus: '0-15' }])
  })

  it('no interrupt and no NUMA are answers, a missing list is none', async () => {
    expect((await look({ 'proc/interrupts': ' 9: 1 acpi\n' })).facts).toEqual({ 'vfio-interrupts': [], numa: [] })
    expect((await look({ 'proc/uptime': '1 1\n' })).facts['vfio-interrupts']).toBeUndefined()
  })
})
