import { relaxation } from '../diagnosis/relaxed-rmrr.ts'
import { defineRule } from '../diagnosis/rule.ts'

/** FACTS 2.2 and 3. */
export const relaxRmrrActive = defineRule({
  id: 'relax-rmrr-active',
  title: 'relax_rmrr is active',
  why: 'The kernel treats every firmware memory region as one it may take away. It says itself that this can lead to instability or data loss, and it holds for all devices of the host.',
  fix: 'Keep it only while a device needs it, and watch the kernel log for DMA faults of that device.',
  links: ['https://github.com/kiler129/relax-intel-rmrr/blob/master/deep-dive.md'],
  needs: [],
  check: (facts) => {
    const evidence = relaxation(facts)
    if ('unknown' in evidence) return evidence
    return evidence.length === 0 ? 'ok' : { severity: 'notice', devices: [], evidence, remedies: [] }
  },
})
