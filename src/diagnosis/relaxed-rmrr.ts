import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import { iommuVendor, said } from './iommu.ts'
import { hasToken } from './kernel-line.ts'
import { knowsRelaxRmrr } from './kernel-release.ts'
import type { Evidence } from './rule.ts'

/** The words of the running line that ask for `relax_rmrr`. */
export const relaxingWords = (facts: Facts): string[] =>
  (facts.cmdline?.words ?? []).filter((word) => hasToken([word], 'intel_iommu', 'relax_rmrr'))

/**
 * Does the kernel relax all RMRRs (message K-RELAX-ON)? What shows it; empty = it does not. Where the log no longer reaches
 * back to the boot, the line of a kernel that knows the option decides.
 */
export function relaxation(facts: Facts): readonly Evidence[] | { readonly unknown: readonly ProbeName[] } {
  const log = said(facts, /Intel-IOMMU: assuming all RMRRs are relaxable/)
  if (log.length > 0) return log
  const { cmdline, 'kernel-log': kernelLog, uname } = facts
  if (!cmdline) return kernelLog?.reachesBoot ? [] : { unknown: ['cmdline', 'kernel-log'] }
  const set = relaxingWords(facts)
  if (set.length === 0 || kernelLog?.reachesBoot || iommuVendor(facts) === 'amd') return []
  if (uname === undefined) return { unknown: ['kernel-log', 'uname'] }
  if (knowsRelaxRmrr(uname) === false) return []
  if (knowsRelaxRmrr(uname) === null || iommuVendor(facts) === null) return { unknown: ['kernel-log'] }
  return set.map((saw) => ({ saw, probe: 'cmdline' }))
}
