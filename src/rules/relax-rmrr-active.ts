import { iommuVendor, said } from '../diagnosis/iommu.ts'
import { hasToken } from '../diagnosis/kernel-line.ts'
import { knowsRelaxRmrr } from '../diagnosis/kernel-release.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'

/** Message K-RELAX-ON; where the log no longer reaches back to the boot, the line of a kernel that knows the option. */
export const relaxRmrrActive = defineRule({
  id: 'relax-rmrr-active',
  title: 'relax_rmrr is active',
  why: 'The kernel treats every firmware memory region as one it may take away. It says itself that this can lead to instability or data loss, and it holds for all devices of the host.',
  fix: 'Keep it only while a device needs it, and watch the kernel log for DMA faults of that device.',
  links: ['https://github.com/kiler129/relax-intel-rmrr/blob/master/deep-dive.md'],
  needs: [],
  check: (facts) => {
    const log = said(facts, /Intel-IOMMU: assuming all RMRRs are relaxable/)
    if (log.length > 0) return notice(log)
    if (!facts.cmdline) return facts['kernel-log']?.reachesBoot ? 'ok' : { unknown: ['cmdline', 'kernel-log'] }
    const set = facts.cmdline.words.filter((word) => hasToken([word], 'intel_iommu', 'relax_rmrr'))
    if (set.length === 0 || facts['kernel-log']?.reachesBoot || iommuVendor(facts) === 'amd') return 'ok'
    if (facts.uname === undefined) return { unknown: ['kernel-log', 'uname'] }
    if (knowsRelaxRmrr(facts.uname) === false) return 'ok'
    if (knowsRelaxRmrr(facts.uname) === null || iommuVendor(facts) === null) return { unknown: ['kernel-log'] }
    return notice(set.map((saw) => ({ saw, probe: 'cmdline' })))
  },
})

const notice = (evidence: readonly Evidence[]) => ({ severity: 'notice' as const, devices: [], evidence, remedies: [] })
