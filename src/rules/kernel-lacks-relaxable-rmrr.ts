import { iommuVendor } from '../diagnosis/iommu.ts'
import { hasToken } from '../diagnosis/kernel-line.ts'
import { lackingRelaxRmrr, needsRelaxRmrr, patchedKernel } from '../diagnosis/lacking-relax-rmrr.ts'
import { regionsAreClear } from '../diagnosis/refusals.ts'
import { defineRule } from '../diagnosis/rule.ts'

/** FACTS 2.2: by the release, or by the kernel's own "Unknown option". */
export const kernelLacksRelaxableRmrr = defineRule({
  id: 'kernel-lacks-relaxable-rmrr',
  title: 'The running kernel does not know relax_rmrr',
  why: 'The option relax_rmrr comes with a Proxmox patch. A kernel without it passes over the word, and devices that the firmware ties to memory of its own stay blocked.',
  fix: 'Boot a kernel that has the option: 6.2.16-13-pve or newer, best by upgrading Proxmox VE. On PVE 7 that is the opt-in kernel 6.2.16-20-bpo11-pve or a patched 5.15 kernel.',
  links: ['https://pve.proxmox.com/wiki/Roadmap', 'https://github.com/brunokc/pve-kernel-builder'],
  remedies: ['install-kernel'],
  needs: [],
  mutedBy: ['wrong-kernel-running'],
  check: (facts, target) => {
    if (iommuVendor(facts) === 'amd') return 'ok'
    const lacks = lackingRelaxRmrr(facts)
    if (lacks === null) return { unknown: ['uname'] }
    if (lacks.length === 0) return 'ok'
    const needed = needsRelaxRmrr(facts, target).length > 0
    const set = (facts.cmdline?.words ?? []).filter((word) => hasToken([word], 'intel_iommu', 'relax_rmrr'))
    const unheard = lacks.some(({ probe }) => probe === 'kernel-log')
    if (!needed && set.length === 0 && !unheard) {
      const missing = [
        ...(facts.cmdline ? [] : ['cmdline' as const]),
        ...(regionsAreClear(facts, target) ? [] : ['reserved-regions' as const]),
      ]
      return missing.length > 0 ? { unknown: missing } : 'ok'
    }
    return {
      severity: needed ? 'blocker' : 'warning',
      devices: [],
      says: `The running kernel${facts.uname === undefined ? '' : ` ${facts.uname}`} does not know the option relax_rmrr, which is ${needed ? 'needed here' : 'set in vain'}.`,
      evidence: [...lacks, ...set.map((saw) => ({ saw, probe: 'cmdline' as const }))],
      ...patchedKernel(facts),
    }
  },
})
