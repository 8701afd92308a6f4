import { diagnose } from '../../src/diagnosis/diagnose.ts'
import type { Target } from '../../src/diagnosis/target.ts'
import { readCapture } from '../../src/facts/capture-folder.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { learn } from '../../src/facts/learn.ts'
import { groupHoldsHostDevice } from '../../src/rules/group-holds-host-device.ts'
import { groupShared } from '../../src/rules/group-shared.ts'
import { rmrrBlocksDevice } from '../../src/rules/rmrr-blocks-device.ts'
import { type Topology, topologyOf } from '../../src/topology/topology.ts'

const rules = [rmrrBlocksDevice, groupHoldsHostDevice, groupShared]

/** The topology of facts with what three rules find in them. */
export const pictured = (facts: Facts, target: Target | null = null): Topology =>
  topologyOf(facts, diagnose(rules, facts, { node: 'node3', target, takenAt: '2026-11-22T09:00:00.000Z' }))

/** What a capture folder tells. */
export const factsOf = async (folder: string): Promise<Facts> => learn(await readCapture(folder)).facts

const hex = (number: number): string => number.toString(16).padStart(2, '0')

/**
 * A server with `cards` network cards of 32 virtual functions each behind root ports of two buses; guest 200 has a virtual
 * function, and the disk of the host shares the group of the HBA that guest 300 is given.
 */
export function largeServer(cards = 10): Facts {
  const device = (
    address: string,
    [code, className]: readonly [string, string],
    name: string,
    driver: string | null,
  ) => ({
    ...{ address, class: code, className, vendor: '8086', device: '1572', name, driver, modules: [] },
  })
  const port = ['0604', 'PCI bridge'] as const
  const nic = ['0200', 'Ethernet controller'] as const
  const hba = '0000:80:01.0'
  const disk = '0000:81:00.0'
  const lspci = [device(hba, port, 'Intel Corporation PCI Express Root Port', 'pcieport')]
  const paths = [{ address: hba, parent: null as string | null }]
  const groups: string[][] = [[hba, disk, '0000:81:00.1']]
  const physfn = new Map<string, string>()
  for (const [address, name] of [
    [disk, 'Samsung NVMe SSD Controller PM9A3'],
    ['0000:81:00.1', 'Broadcom / LSI SAS3008 PCI-Express Fusion-MPT SAS-3'],
  ] as const) {
    lspci.push(
      device(
        address,
        address === disk ? ['0108', 'Non-Volatile memory controller'] : ['0107', 'Serial Attached SCSI controller'],
        name,
        address === disk ? 'nvme' : 'vfio-pci',
      ),
    )
    paths.push({ address, parent: hba })
  }
  for (let card = 0; card < cards; card++) {
    const above = `0000:00:${hex(card + 1)}.0`
    const own = `0000:${hex(card + 0x10)}:00.0`
    lspci.push(device(above, port, 'Intel Corporation PCI Express Root Port', 'pcieport'))
    lspci.push(device(own, nic, 'Intel Corporation Ethernet Controller X710', 'i40e'))
    paths.push({ address: above, parent: null }, { address: own, parent: above })
    groups.push([above], [own])
    for (let vf = 0; vf < 32; vf++) {
      const address = `0000:${hex(card + 0x10)}:${hex(2 + (vf >> 3))}.${vf % 8}`
      lspci.push(device(address, nic, 'Intel Corporation Ethernet Virtual Function 700 Series', 'iavf'))
      paths.push({ address, parent: above })
      groups.push([address])
      physfn.set(address, own)
    }
  }
  const guest = (id: number, name: string, address: string): NonNullable<Facts['guests']>[number] => ({
    ...{ id, kind: 'qemu', name, onboot: true, config: {} },
    hostpci: [{ key: 'hostpci0', addresses: [address], mapping: null, options: {} }],
  })
  return {
    lspci,
    'pci-paths': paths,
    'pci-sysfs': lspci.map(({ address }) => ({
      ...{ address, resetMethods: null, bootVga: null, d3coldAllowed: null, powerState: null, numaNode: null },
      ...{ driverOverride: null, sriovVfs: null, physfn: physfn.get(address) ?? null },
    })),
    'iommu-groups': groups.map((devices, id) => ({ id, devices })),
    'iommu-units': ['dmar0'],
    'reserved-regions': [],
    cpu: { vendor: 'intel', model: null, flags: null },
    guests: [guest(200, 'router', '0000:12:02.3'), guest(300, 'nas', '0000:81:00.1')],
    running: [{ kind: 'qemu', id: 200 }],
    'host-devices': [
      { use: 'disk', name: '/', address: disk },
      { use: 'nic', name: 'vmbr0', address: '0000:10:00.0' },
    ],
  }
}
