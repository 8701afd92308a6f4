import type { Facts } from '../facts/facts.ts'
import type { Tasks } from '../facts/probes/tasks.ts'
import type { ProbeName } from '../facts/probes.ts'
import { deviceAt, groupOf, seenAddresses, slotOf } from './devices.ts'
import { entriesHere, type MappingEntry } from './mapping-entries.ts'

/** What of a mapping's entry for this node no longer matches. `change`: the values it needs now, where that is certain. */
export interface Mismatch {
  readonly entry: MappingEntry
  readonly says: string
  readonly probe: 'lspci' | 'iommu-groups'
  readonly change: Readonly<Record<string, string>> | null
}

/** The mismatches of a mapping, and what is missing to know that there are no more. */
export interface MappingCheck {
  readonly mismatches: readonly Mismatch[]
  readonly unknown: readonly ProbeName[]
}

/**
 * Holds the entries of a mapping against the hardware the way Proxmox does when a guest starts (FACTS 6, P-MAP-INVALID): of every
 * path the device and its vendor:device, of the first path the group as well; -1 stands for no group.
 */
export function checkMapping(facts: Facts, mapping: string): MappingCheck {
  const here = entriesHere(facts, mapping)
  if ('unknown' in here) return { mismatches: [], unknown: here.unknown }
  const seen = seenAddresses(facts)
  const looked = here.entries.flatMap(devicesOf).every((address) => isWhole(facts) || seen.includes(address))
  const missing = here.entries.length === 0 ? [] : (['lspci', 'iommu-groups'] as const).filter((name) => !facts[name])
  return {
    mismatches: here.entries.flatMap((entry) => mismatchesOf(facts, entry)),
    unknown: looked ? missing : [...new Set([...missing, 'lspci' as const])],
  }
}

/** Did a start fail over a mapping that matches again by now? What is not probed (subsystem, mdev) may still be wrong. */
export function matchesAgain(facts: Facts, task: Tasks[number]): boolean {
  const text = [...task.lines, task.error ?? ''].join('\n')
  if (!/PCI device mapping invalid/.test(text) || /subsystem-id|mdev/.test(text)) return false
  const names = facts.guests?.find(({ id }) => id === task.guest)?.hostpci.flatMap(({ mapping }) => mapping ?? []) ?? []
  return (
    names.length > 0 &&
    names.every((name) => {
      const here = entriesHere(facts, name)
      const { mismatches, unknown } = checkMapping(facts, name)
      return 'entries' in here && here.entries.length > 0 && mismatches.length + unknown.length === 0
    })
  )
}

/** A slot without a function stands for its first one, which has to be there. */
const devicesOf = ({ paths }: MappingEntry): string[] =>
  paths.map((path) => (path === slotOf(path) ? `${path}.0` : path))

/** Does lspci show all devices? A host bridge is among them then, which an excerpt leaves out. */
const isWhole = ({ lspci }: Facts): boolean => lspci?.some(({ address }) => address.endsWith(':00:00.0')) ?? false

function mismatchesOf(facts: Facts, entry: MappingEntry): Mismatch[] {
  const devices = devicesOf(entry)
  const gone = isWhole(facts) ? devices.filter((address) => !seenAddresses(facts).includes(address)) : []
  const others = devices.filter((address) => entry.id !== null && (idAt(facts, address) ?? entry.id) !== entry.id)
  const elsewhere = devices.length === 1 && isWhole(facts) ? onlyOneOf(facts, entry) : null
  const change = elsewhere === null ? null : { path: elsewhere, ...groupValue(facts, elsewhere) }
  const now = elsewhere !== null ? `; ${entry.id} is at ${elsewhere}` : ''
  return [
    ...gone.map((address): Mismatch => ({ entry, says: `there is no ${address}${now}`, probe: 'lspci', change })),
    ...others.map(
      (address): Mismatch => ({
        entry,
        says: `${address} is ${idAt(facts, address)}, not ${entry.id}${now}`,
        probe: 'lspci',
        change,
      }),
    ),
    ...(gone.length + others.length > 0 ? [] : regrouped(facts, entry, devices[0])),
  ]
}

function regrouped(facts: Facts, entry: MappingEntry, first: string | undefined): Mismatch[] {
  const groups = facts['iommu-groups']
  if (!groups || first === undefined) return []
  const group = groupOf(groups, first)?.id ?? -1
  if (group === entry.iommuGroup || (group === -1 && !seenAddresses(facts).includes(first))) return []
  const stored = entry.iommuGroup === null ? 'no IOMMU group is stored' : `IOMMU group ${entry.iommuGroup} is stored`
  const says = `${stored}, and ${first} is in ${group === -1 ? 'none' : `group ${group}`}`
  return [{ entry, says, probe: 'iommu-groups', change: { iommugroup: String(group) } }]
}

const groupValue = (facts: Facts, path: string): Record<string, string> => {
  const groups = facts['iommu-groups']
  const device = path === slotOf(path) ? `${path}.0` : path
  return groups ? { iommugroup: String(groupOf(groups, device)?.id ?? -1) } : {}
}

function idAt(facts: Facts, address: string): string | null {
  const device = deviceAt(facts, address)
  return device ? `${device.vendor}:${device.device}` : null
}

/** Where the device of the entry is now, as the entry would write it; null unless there is exactly one of its kind. */
function onlyOneOf(facts: Facts, { id, paths }: MappingEntry): string | null {
  const alike = (facts.lspci ?? []).filter(({ vendor, device }) => `${vendor}:${device}` === id)
  const address = alike.length === 1 ? alike[0]?.address : undefined
  if (address === undefined) return null
  return paths.some((path) => path === slotOf(path)) && address.endsWith('.0') ? slotOf(address) : address
}
