import type { Facts } from '../facts/facts.ts'
import { groupOf, oneCard, slotOf } from './devices.ts'
import type { Evidence } from './rule.ts'
import type { Target } from './target.ts'
import { targetDevices } from './target-devices.ts'

const bdf = '[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]'
const older = new RegExp(
  `(${bdf}): (?:DMAR: )?Device is ineligible for IOMMU domain attach due to platform RMRR requirement`,
  'i',
)
const newer = new RegExp(`(${bdf}): Firmware has requested this device have a 1:1 IOMMU mapping`, 'i')

/** A device the kernel would not hand over because firmware wants its memory mapped 1:1. `older`: the wording before 6.6, Intel only. */
export interface Refusal {
  readonly address: string
  readonly older: boolean
  readonly evidence: Evidence
}

/** The refusals of this boot in either wording (messages K-RMRR-OLD, K-RMRR-NEW), narrowed to the target where that can be told. */
export function mappingRefusals(facts: Facts, target: Target | null): Refusal[] {
  const all: Refusal[] = []
  for (const saw of facts['kernel-log']?.lines ?? []) {
    const match = older.exec(saw) ?? newer.exec(saw)
    const address = match?.[1]?.toLowerCase()
    if (address && !all.some((one) => one.address === address && one.evidence.saw === saw)) {
      all.push({ address, older: older.test(saw), evidence: { saw, probe: 'kernel-log' } })
    }
  }
  const { devices, unknown } = targetDevices(facts, target)
  if (target === null || unknown.length > 0) return all
  const near = (address: string) =>
    devices.some((one) => oneCard(facts, one, address) || slotOf(one) === address || sameGroup(facts, one, address))
  return all.filter(({ address }) => near(address))
}

const sameGroup = (facts: Facts, one: string, other: string): boolean =>
  groupOf(facts['iommu-groups'] ?? [], one)?.devices.includes(other) ?? false

/** Groups of the target devices that hold a region of type `direct`, which no guest may be given as it is (FACTS 3). */
export function directRegions(facts: Facts, target: Target | null): { devices: string[]; evidence: Evidence[] } {
  const groups = facts['iommu-groups'] ?? []
  const direct = (facts['reserved-regions'] ?? []).filter(({ type }) => type === 'direct')
  const devices = targetDevices(facts, target).devices.filter((address) => {
    const group = groupOf(groups, address)
    return direct.some((region) => region.group === group?.id)
  })
  const ids = new Set(devices.map((address) => groupOf(groups, address)?.id))
  const evidence = direct
    .filter(({ group }) => ids.has(group))
    .map(({ group, start, end }) => ({
      saw: `group ${group}: ${start} ${end} direct`,
      probe: 'reserved-regions' as const,
    }))
  return { devices, evidence }
}

/** Is the whole of the target known to be free of `direct` regions? Every group shows at least one region (msi), so an empty one was not read. */
export function regionsAreClear(facts: Facts, target: Target | null): boolean {
  const { devices, unknown } = targetDevices(facts, target)
  const { 'iommu-groups': groups, 'reserved-regions': regions } = facts
  if (unknown.length > 0) return false
  if (devices.length === 0) return true
  return devices.every((address) => {
    const group = groupOf(groups ?? [], address)
    const own = (regions ?? []).filter((region) => region.group === group?.id)
    return own.length > 0 && own.every(({ type }) => type !== 'direct')
  })
}
