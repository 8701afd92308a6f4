import type { Facts } from '../facts/facts.ts'
import type { Evidence } from './rule.ts'

/** Does the kernel run an IOMMU? Only sysfs tells (FACTS 2.1): units or groups. Null when neither was read. */
export function iommuActive(facts: Facts): boolean | null {
  const units = facts['iommu-units']
  const groups = facts['iommu-groups']
  if (!units && !groups) return null
  return (units ?? []).length > 0 || (groups ?? []).length > 0
}

/** What shows that no IOMMU runs. */
export const iommuOffEvidence = (facts: Facts): Evidence[] => [
  ...(facts['iommu-units'] ? [{ saw: 'no IOMMU unit in /sys/class/iommu', probe: 'iommu-units' as const }] : []),
  ...(facts['iommu-groups'] ? [{ saw: 'no group in /sys/kernel/iommu_groups', probe: 'iommu-groups' as const }] : []),
]

/** Whose IOMMU the node has: by processor, else by what only one of the two shows. */
export function iommuVendor(facts: Facts): 'intel' | 'amd' | null {
  if (facts.cpu) return facts.cpu.vendor === 'other' ? null : facts.cpu.vendor
  const units = facts['iommu-units'] ?? []
  const tables = facts.firmware?.acpiTables ?? []
  const log = facts['kernel-log']?.lines ?? []
  if (units.some((unit) => unit.startsWith('dmar')) || tables.includes('DMAR')) return 'intel'
  if (units.some((unit) => unit.startsWith('ivhd')) || tables.includes('IVRS')) return 'amd'
  if (log.some((line) => /DMAR: DRHD base/.test(line))) return 'intel'
  return log.some((line) => /AMD-Vi: /.test(line)) ? 'amd' : null
}

/** Does the firmware offer an IOMMU (ACPI table DMAR or IVRS)? Null when neither the tables nor the log tell. */
export function iommuOffered(facts: Facts): Evidence | false | null {
  const line = facts['kernel-log']?.lines.find((text) =>
    /ACPI: (DMAR|IVRS) 0x|DMAR: DRHD base|AMD-Vi: ivrs/i.test(text),
  )
  const tables = facts.firmware?.acpiTables
  const table = tables?.find((name) => name === 'DMAR' || name === 'IVRS')
  if (table) return { saw: `ACPI table ${table} is there`, probe: 'firmware' }
  if (line) return { saw: line, probe: 'kernel-log' }
  return tables && tables.length > 0 && facts.cpu?.vendor !== 'other' ? false : null
}

/** Log lines with a pattern, as evidence. */
export const said = (facts: Facts, pattern: RegExp): Evidence[] =>
  (facts['kernel-log']?.lines ?? [])
    .filter((line) => pattern.test(line))
    .slice(0, 8)
    .map((saw) => ({ saw, probe: 'kernel-log' }))
