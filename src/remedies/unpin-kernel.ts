import { kernelsNow, NO_ARGUMENTS } from '../changes/another-kernel.ts'
import type { Remedy } from '../changes/remedy.ts'
import { isRefusal } from '../errors.ts'
import { setPin } from '../jobs/kernel-pin.ts'

/** Boots the newest installed kernel, for one boot first, and takes the pin to an older one back then. */
export const unpinKernel: Remedy = {
  id: 'unpin-kernel',
  title: 'Boot the newest kernel, and take the pin back',
  wish: (facts, { kernel }) => {
    const now = kernelsNow(facts, kernel)
    if (isRefusal(now)) return now
    if (kernel === undefined || now.pinned === '') return { refused: 'no kernel is pinned' }
    return {
      title: `Boot kernel ${kernel}, and take the pin to ${now.pinned} back`,
      args: NO_ARGUMENTS,
      kernel,
      jobs: [setPin({ from: now.pinned, to: '', boots: kernel, booted: now.boots })],
      risk: 1,
      risks: [
        `Somebody pinned ${now.pinned} for a reason: whatever it was comes back with ${kernel}.`,
        `Modules that are built outside the kernel (DKMS) may be missing for ${kernel}; the trial shows it.`,
      ],
    }
  },
  uncured: () => [],
}
