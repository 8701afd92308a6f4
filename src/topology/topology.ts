import { deviceAt, groupOf, isBridge, seenAddresses } from '../diagnosis/devices.ts'
import { iommuActive, iommuVendor } from '../diagnosis/iommu.ts'
import type { Report } from '../diagnosis/report.ts'
import type { Severity } from '../diagnosis/rule.ts'
import { targetText } from '../diagnosis/target.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import { claimsIn, goneFrom, type Owner, ownersAt } from './owners.ts'
import { bedsOf, type Stem } from './tree.ts'

/** A finding of the report. Devices are full BDFs. */
export interface Trouble {
  readonly rule: string
  readonly severity: Severity
  readonly says: string
  readonly devices: readonly string[]
}

/** A device with all that can be said of it. A property that was not read is absent; null = read, and there is none. */
export interface Device {
  readonly address: string
  readonly kind: 'root-port' | 'bridge' | 'device'
  readonly className?: string
  readonly name?: string
  readonly driver?: string | null
  /** The IOMMU group, and how many devices are in it. */
  readonly group?: { readonly id: number; readonly size: number } | null
  /** The physical function of a virtual one. */
  readonly physfn?: string
  /** How many virtual functions a physical one has. */
  readonly virtuals?: number
  /** What memory the firmware ties its group to: `direct` keeps it from every guest, `direct-relaxable` does not (FACTS 3). */
  readonly regions: readonly ('direct' | 'direct-relaxable')[]
  readonly owners: readonly Owner[]
  readonly troubles: readonly Trouble[]
  /** The diagnosis is narrowed to it. */
  readonly aimed: boolean
}

export interface Branch {
  readonly device: Device
  readonly below: readonly Branch[]
}

/** `name`: a root bus (0000:00), or an IOMMU group where the paths were not read; null = neither is known. */
export interface Root {
  readonly name: string | null
  readonly branches: readonly Branch[]
}

/** A node's PCI devices as plain data, roots with trouble first. */
export interface Topology {
  readonly node: string | null
  readonly target: string | null
  /** The report's verdict in one sentence. */
  readonly verdict: string | null
  readonly takenAt: string | null
  /** What the tree is made from: the sysfs paths; where these were not read, the groups; where there are none, nothing. */
  readonly by: 'paths' | 'groups' | 'nothing'
  readonly iommu: 'on' | 'off' | 'unknown'
  readonly vendor: 'intel' | 'amd' | null
  readonly roots: readonly Root[]
  readonly troubles: readonly Trouble[]
  /** Given to a guest, and not on this node. */
  readonly gone: readonly { readonly address: string; readonly owners: readonly Owner[] }[]
  /** Probes that told nothing, so that what they would tell is missing here. */
  readonly unread: readonly ProbeName[]
}

/** What the facts tell of a node's PCI devices, with the findings of the report on them. Pure; takes facts of any kind. */
export function topologyOf(facts: Facts, report: Report | null): Topology {
  const troubles = troublesOf(report)
  const active = iommuActive(facts)
  const known = seenAddresses(facts)
  const claims = claimsIn(facts)
  const aimed = new Set(report?.target ? targetDevices(facts, report.target).devices : [])
  const { by, beds } = bedsOf(facts, known)
  const branchOf = ({ address, below }: Stem): Branch => ({
    device: {
      ...deviceOf(facts, address),
      owners: ownersAt(claims, address),
      troubles: troubles.filter(({ devices }) => devices.includes(address)),
      aimed: aimed.has(address),
    },
    below: below.map(branchOf),
  })
  const roots = beds.map(({ name, stems }) => ({ name, branches: stems.map(branchOf) }))
  return {
    node: report?.node ?? null,
    target: report?.target ? targetText(report.target) : null,
    verdict: report?.verdict.says ?? null,
    takenAt: report?.takenAt ?? null,
    by,
    iommu: active === null ? 'unknown' : active ? 'on' : 'off',
    vendor: iommuVendor(facts),
    roots: roots.toSorted((one, other) => worst(one.branches) - worst(other.branches)),
    troubles,
    gone: facts.lspci || facts['pci-sysfs'] ? goneFrom(claims, known) : [],
    unread: unreadIn(facts),
  }
}

const SEVERITIES: readonly Severity[] = ['blocker', 'warning', 'notice']

/** The worst first, and those that name devices before the others. */
const troublesOf = (report: Report | null): Trouble[] =>
  (report?.results ?? [])
    .flatMap((result) => {
      if (result.status !== 'found') return []
      const { rule, severity, devices } = result
      return [{ rule: rule.id, severity, says: result.says ?? rule.title, devices: [...new Set(devices)] }]
    })
    .toSorted(
      (one, other) =>
        SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
        Number(other.devices.length > 0) - Number(one.devices.length > 0),
    )

/** The place of the worst finding in a part of the tree; 3 = none. */
const worst = (branches: readonly Branch[]): number =>
  Math.min(
    SEVERITIES.length,
    ...branches.flatMap(({ device, below }) => [
      ...device.troubles.map(({ severity }) => SEVERITIES.indexOf(severity)),
      worst(below),
    ]),
  )

/** A bridge on a root bus with the driver of PCIe ports is a root port. */
function deviceOf(facts: Facts, address: string): Omit<Device, 'owners' | 'troubles' | 'aimed'> {
  const shown = deviceAt(facts, address)
  const groups = facts['iommu-groups']
  const group = groups && groupOf(groups, address)
  const path = facts['pci-paths']?.find((one) => one.address === address)
  const functions = facts['pci-sysfs']
  const physfn = functions?.find((one) => one.address === address)?.physfn
  const virtuals = functions?.filter((one) => one.physfn === address).length
  const port = shown?.class === '0604' && shown.driver === 'pcieport' && path?.parent === null
  return {
    address,
    kind: port ? 'root-port' : shown && isBridge(shown) ? 'bridge' : 'device',
    ...(shown && { className: shown.className, name: shown.name, driver: shown.driver }),
    ...(groups && { group: group ? { id: group.id, size: group.devices.length } : null }),
    ...(physfn && { physfn }),
    ...(virtuals && { virtuals }),
    regions: group ? regionsOf(facts, group.id) : [],
  }
}

/** The ISA bridge's first 16 MiB are relaxable by a workaround of the kernel, not by the firmware (FACTS 3). */
function regionsOf(facts: Facts, group: number): Device['regions'] {
  const types = (facts['reserved-regions'] ?? [])
    .filter((region) => region.group === group && !(Number(region.start) === 0 && Number(region.end) === 0xffffff))
    .map(({ type }) => type)
  return (['direct', 'direct-relaxable'] as const).filter((type) => types.includes(type))
}

/** Guests only lead to further probes when one of them is given a device; regions are reserved only where an IOMMU runs. */
function unreadIn(facts: Facts): ProbeName[] {
  const given = (facts.guests ?? []).flatMap(({ hostpci }) => hostpci)
  const needed: ProbeName[] = ['pci-paths', 'lspci', 'iommu-groups', 'reserved-regions', 'host-devices', 'guests']
  if (given.length > 0) needed.push('running')
  if (given.some(({ mapping }) => mapping !== null)) needed.push('mappings')
  if (iommuActive(facts) === false) needed.splice(needed.indexOf('reserved-regions'), 1)
  return needed.filter((probe) => facts[probe] === undefined)
}
