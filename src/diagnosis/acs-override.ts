import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import { isAcsOverride, knowsAcsOverride } from '../knowledge/acs-override-kernels.ts'
import { said } from './iommu.ts'
import { keyOf, tokensOf } from './kernel-line.ts'
import type { Evidence } from './rule.ts'

/** What became of `pcie_acs_override=` on the running kernel. `absent`: the running line does not ask for it. */
export type AcsOverride =
  | { readonly state: 'live'; readonly evidence: readonly Evidence[] }
  | { readonly state: 'ignored'; readonly because: string; readonly evidence: readonly Evidence[] }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly missing: readonly ProbeName[] }

const KEY = 'pcie_acs_override'

/** Words that ask for the override. */
export const overrideWords = (words: readonly string[]): string[] =>
  words.filter((word) => keyOf(word) === KEY && tokensOf(words, KEY).length > 0)

/**
 * Does the running kernel override ACS (FACTS 2.2, messages K-ACS)? Its own line says so; without it a value that the patch
 * knows, on a kernel that has the patch.
 */
export function acsOverride(facts: Facts): AcsOverride {
  const says = said(facts, /PCIe ACS overrides enabled/)
  const refused = said(facts, /Unknown (?:kernel )?command line parameters?.*\bpcie_acs_override\b/i)
  if (says.length > 0) return { state: 'live', evidence: says }
  if (refused.length > 0)
    return { state: 'ignored', because: 'the kernel says that it does not know it', evidence: refused }
  if (!facts.cmdline) return { state: 'unknown', missing: ['cmdline'] }
  const asked = overrideWords(facts.cmdline.words)
  if (asked.length === 0) return { state: 'absent' }
  const evidence = asked.map((saw): Evidence => ({ saw, probe: 'cmdline' }))
  if (!tokensOf(asked, KEY).some(isAcsOverride))
    return { state: 'ignored', because: 'it has no value that the kernel knows', evidence }
  if (facts.uname === undefined) return { state: 'unknown', missing: ['uname'] }
  const has = knowsAcsOverride(facts.uname)
  const kernel: Evidence = { saw: facts.uname, probe: 'uname' }
  if (has === true) return { state: 'live', evidence: [...evidence, kernel] }
  if (has === false || facts['kernel-log']?.reachesBoot)
    return { state: 'ignored', because: `kernel ${facts.uname} does not have it`, evidence: [...evidence, kernel] }
  return { state: 'unknown', missing: ['kernel-log'] }
}
