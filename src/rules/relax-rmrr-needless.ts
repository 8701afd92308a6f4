import { deviceAt } from '../diagnosis/devices.ts'
import { keyOf, tokensOf } from '../diagnosis/kernel-line.ts'
import { relaxation, relaxingWords } from '../diagnosis/relaxed-rmrr.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import type { Suggestion } from '../diagnosis/suggestion.ts'

/** USB controllers, displays and ISA bridges: their regions are relaxable on any kernel (FACTS 3). */
const relaxableAnyway = /^(0c03|03|0601)/

/** FACTS 3: under the option every region is `direct-relaxable`; it is needless where all of them would be without it. */
export const relaxRmrrNeedless = defineRule({
  id: 'relax-rmrr-needless',
  title: 'relax_rmrr is active, and no device needs it',
  why: 'The option takes a protection from all devices of the host. Here no device has a firmware memory region that only the option would release, so it costs safety and gives nothing.',
  fix: 'Drop relax_rmrr from intel_iommu= when the kernel line is edited for another reason; alone it is not worth a reboot.',
  links: ['https://github.com/kiler129/relax-intel-rmrr/blob/master/deep-dive.md'],
  remedies: ['drop-argument'],
  needs: ['iommu-groups', 'reserved-regions'],
  check: ({ 'iommu-groups': groups, 'reserved-regions': regions, ...facts }) => {
    const active = relaxation(facts)
    if ('unknown' in active) return active
    if (active.length === 0) return 'ok'
    if (regions.some(({ type }) => type === 'direct')) return 'ok'
    const claimed = groups.filter(({ id }) =>
      regions.some(({ group, type }) => group === id && type.startsWith('direct')),
    )
    const members = claimed.flatMap(({ devices }) => devices)
    const classes = members.map((address) => deviceAt(facts, address)?.class)
    if (classes.some((code) => code !== undefined && !relaxableAnyway.test(code))) return 'ok'
    if (classes.includes(undefined)) return { unknown: ['lspci'] }
    // Every group shows at least one region (msi), so an empty one was not read.
    const unread = groups.some(({ id }) => !regions.some(({ group }) => group === id))
    if (groups.length === 0 || unread) return { unknown: ['reserved-regions'] }
    const words = relaxingWords(facts)
    return {
      severity: 'notice',
      devices: [],
      evidence: [...active, whatIsClaimed(groups.length, members)],
      remedies: words.length > 0 ? ['drop-argument'] : [],
      ...(words.length > 0 && { suggests: withoutIt(words) }),
    }
  },
})

const whatIsClaimed = (groups: number, members: readonly string[]): Evidence => ({
  saw:
    members.length === 0
      ? `none of ${groups} IOMMU groups has a region that firmware claims`
      : `firmware claims regions only of ${members.join(' ')}, which any kernel may relax`,
  probe: 'reserved-regions',
})

/** The words that ask for it go; what else they hold stays. */
function withoutIt(words: readonly string[]): Suggestion {
  const add = words.flatMap((word) => {
    const rest = tokensOf([word], keyOf(word)).filter((token) => !token.startsWith('relax_rmrr'))
    return rest.length > 0 ? [`${word.split('=', 1)[0]}=${rest.join(',')}`] : []
  })
  return { add, remove: words }
}
