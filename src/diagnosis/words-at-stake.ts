import type { Facts } from '../facts/facts.ts'
import { iommuActive, iommuOffered, iommuVendor } from './iommu.ts'
import { asksForPassthroughMode, hasToken, intelSwitch, keyOf, offSwitches } from './kernel-line.ts'
import { knowsRelaxRmrr } from './kernel-release.ts'
import { directRegions, mappingRefusals } from './refusals.ts'
import type { Severity } from './rule.ts'
import type { Target } from './target.ts'

const trivial =
  /^(quiet|splash|ro|rw|root=.*|boot=.*|rootflags=.*|rootfstype=.*|initrd=.*|BOOT_IMAGE=.*|loglevel=.*|console=.*|single|\$vt_handoff)$/

/** Words whose absence somebody could notice: how the root is found and how much is printed is left out. */
export const notable = (words: readonly string[]): string[] => words.filter((word) => !trivial.test(word))

/**
 * How bad it is that these words are not live: a blocker when one of them would cure what is broken now, a notice when
 * all of them are known to change nothing here, else a warning.
 */
export function stakeOf(facts: Facts, target: Target | null, words: readonly string[]): Severity {
  const stakes = words.map((word) => stake(facts, target, word))
  if (stakes.includes('blocker')) return 'blocker'
  return stakes.every((one) => one === 'notice') ? 'notice' : 'warning'
}

function stake(facts: Facts, target: Target | null, word: string): Severity {
  const active = iommuActive(facts)
  if (keyOf(word) === 'intel_iommu' && iommuVendor(facts) === 'amd') return 'notice'
  if (intelSwitch([word]) === 'on' && wouldSwitchOn(facts)) return 'blocker'
  if (hasToken([word], 'intel_iommu', 'relax_rmrr')) return relaxationCures(facts, target) ? 'blocker' : 'warning'
  const redundant = word === 'amd_iommu=on' || intelSwitch([word]) === 'on' || asksForPassthroughMode([word])
  return redundant && active === true ? 'notice' : 'warning'
}

/** No IOMMU runs although the firmware has one to offer, and the running line does not ask for it yet. */
const wouldSwitchOn = (facts: Facts): boolean =>
  iommuActive(facts) === false && iommuOffered(facts) !== false && intelSwitch(facts.cmdline?.words ?? []) !== 'on'

/** Something is refused for its 1:1 mapping, and this kernel knows the option (as far as its table says). */
const relaxationCures = (facts: Facts, target: Target | null): boolean =>
  iommuVendor(facts) !== 'amd' &&
  !(facts.uname !== undefined && knowsRelaxRmrr(facts.uname) === false) &&
  (mappingRefusals(facts, target).length > 0 || directRegions(facts, target).evidence.length > 0)

/** Off switches of the running line that the configuration no longer has: a boot would take them away. */
export const droppedOffSwitches = (live: readonly string[], configured: readonly string[]): string[] =>
  offSwitches(live).filter((word) => !configured.includes(word))

/** Words as a sentence has them. */
export const inWords = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(' ')
