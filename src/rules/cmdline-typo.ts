import { deviceAt } from '../diagnosis/devices.ts'
import { iommuVendor, said } from '../diagnosis/iommu.ts'
import { keyOf, tokensOf } from '../diagnosis/kernel-line.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { startFailures, usefulLines } from '../diagnosis/start-failures.ts'
import { type Suggestion, toHave } from '../diagnosis/suggestion.ts'
import type { Target } from '../diagnosis/target.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'
import { type Typo, typosOf } from '../diagnosis/typos.ts'
import { stakeOf } from '../diagnosis/words-at-stake.ts'
import type { Facts } from '../facts/facts.ts'

/** `relax_rmrr` that a kernel does not know is another finding, and so is `amd_iommu=on`. */
const unknownOption = /(DMAR|AMD-Vi): Unknown option - '(?!relax_rmrr|on')/

export const cmdlineTypo = defineRule({
  id: 'cmdline-typo',
  title: 'A kernel argument is misspelt',
  why: 'The kernel passes over arguments that it does not know, mostly without a word, so a misspelt one does nothing.',
  fix: 'Correct the argument in the file that this node boots from, regenerate the boot configuration and reboot.',
  links: ['https://docs.kernel.org/admin-guide/kernel-parameters.html'],
  remedies: ['correct-argument'],
  needs: [],
  mutedBy: ['iommu-off-in-firmware'],
  matters: true,
  check: (facts, target) => {
    const vendor = iommuVendor(facts)
    const typos = typosOf(facts.cmdline?.words ?? []).filter(
      ({ word }) => vendor !== 'amd' || keyOf(word) !== 'intel_iommu',
    )
    const refused = said(facts, unknownOption)
    if (typos.length === 0 && refused.length === 0) return facts.cmdline ? 'ok' : { unknown: ['cmdline'] }
    const starts = typos.flatMap((typo) => failedFor(facts, target, typo))
    const blocks =
      starts.length > 0 || typos.some(({ meant }) => stakeOf(facts, target, meant.split(' ')) === 'blocker')
    const [typo] = typos
    return {
      severity: blocks ? 'blocker' : 'warning',
      devices: [],
      says: typo
        ? `The kernel argument "${typo.word}" is misspelt and does nothing; "${typo.meant}" was probably meant.`
        : 'The kernel reports an argument that it does not know.',
      evidence: [...typos.map(({ word }) => ({ saw: word, probe: 'cmdline' as const })), ...refused, ...starts],
      remedies: typo ? ['correct-argument'] : [],
      ...(typo && { suggests: corrected(facts, typos) }),
    }
  },
})

const corrected = (facts: Facts, typos: readonly Typo[]): Suggestion =>
  toHave(
    facts.cmdline?.words ?? [],
    typos.flatMap(({ meant }) => meant.split(' ')),
    typos.map(({ word }) => word),
  )

/** Starts that failed because nothing bound the device that the misspelt `vfio-pci.ids=` names. */
function failedFor(facts: Facts, target: Target | null, { meant }: Typo): Evidence[] {
  const ids = tokensOf([meant], 'vfio-pci.ids')
  const bound = targetDevices(facts, target).devices.some((address) => {
    const device = deviceAt(facts, address)
    return device !== undefined && ids.includes(`${device.vendor}:${device.device}`)
  })
  if (ids.length === 0 || (target !== null && !bound)) return []
  return startFailures(facts, target)
    .flatMap(usefulLines)
    .filter((line) =>
      /open '?\/dev\/vfio\/\d+'?: No such file|is not viable|error getting device from group/i.test(line),
    )
    .map((saw) => ({ saw, probe: 'tasks' }))
}
