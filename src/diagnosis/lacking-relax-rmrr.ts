import type { Facts } from '../facts/facts.ts'
import { newestKernel } from '../knowledge/kernel-versions.ts'
import { iommuVendor, said } from './iommu.ts'
import { knowsRelaxRmrr } from './kernel-release.ts'
import { directRegions, mappingRefusals } from './refusals.ts'
import type { Evidence, Finding } from './rule.ts'
import type { Target } from './target.ts'

/** What shows that the running kernel has no `relax_rmrr`; empty when it has, null when nobody can tell. */
export function lackingRelaxRmrr(facts: Facts): Evidence[] | null {
  const unheard = said(facts, /DMAR: Unknown option - '[^']*relax_rmrr/)
  if (unheard.length > 0) return unheard
  if (said(facts, /assuming all RMRRs are relaxable/).length > 0) return []
  const knows = facts.uname === undefined ? null : knowsRelaxRmrr(facts.uname)
  if (knows === null || facts.uname === undefined) return null
  return knows ? [] : [{ saw: facts.uname, probe: 'uname' }]
}

/** What a finding says of the kernel with the option whose package an operator has put on the node: its release, and the remedy. */
export function patchedKernel({ 'kernel-packages': packages }: Facts): Pick<Finding, 'kernel' | 'remedies'> {
  const given = (packages ?? []).map(({ release }) => release).filter((release) => knowsRelaxRmrr(release) === true)
  const kernel = newestKernel(given)
  return kernel === null ? { remedies: [] } : { kernel, remedies: ['install-kernel'] }
}

/** What shows that a device of the target is tied to firmware memory (RMRR) that only `relax_rmrr` would loosen. */
export function needsRelaxRmrr(facts: Facts, target: Target | null): Evidence[] {
  const intel = iommuVendor(facts) === 'intel'
  const refusals = mappingRefusals(facts, target).filter(({ older }) => older || intel)
  return [...refusals.map(({ evidence }) => evidence), ...(intel ? directRegions(facts, target).evidence : [])]
}
