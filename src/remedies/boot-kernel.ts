import { kernelsNow, NO_ARGUMENTS } from '../changes/another-kernel.ts'
import type { Remedy } from '../changes/remedy.ts'
import { isRefusal } from '../errors.ts'
import { setPin } from '../jobs/kernel-pin.ts'
import { relaxRmrr } from './relax-rmrr.ts'

const relaxes = (cause: string): boolean => cause === 'wrong-kernel-running'

/**
 * Boots another installed kernel, for one boot first, and pins it then (FACTS 1.4). Where it is chosen for its `relax_rmrr`, the
 * option comes along, so that one trial shows the whole cure.
 */
export const bootKernel: Remedy = {
  id: 'boot-kernel',
  title: 'Boot another installed kernel, and pin it',
  wish: (facts, ailment) => {
    const { kernel = '', cause } = ailment
    const now = kernelsNow(facts, ailment.kernel)
    if (isRefusal(now)) return now
    const relaxed = relaxes(cause) ? relaxRmrr.wish(facts, ailment) : undefined
    if (isRefusal(relaxed)) return relaxed
    return {
      title: `Boot kernel ${kernel}, and pin it`,
      args: relaxed?.args ?? NO_ARGUMENTS,
      kernel,
      jobs: [setPin({ from: now.pinned, to: kernel, boots: kernel, booted: now.boots })],
      risk: relaxed?.risk ?? 1,
      risks: [
        `From then on kernel ${kernel} boots whatever is installed later, until the pin is taken back.`,
        `Modules that are built outside the kernel (DKMS) may be missing for ${kernel}; the trial shows it.`,
        ...(relaxed?.risks ?? []),
      ],
    }
  },
  uncured: (facts, ailment) => (relaxes(ailment.cause) ? relaxRmrr.uncured(facts, ailment) : []),
}
