import type { Core } from '../core.ts'
import { type Later, later } from './lanes.ts'
import type { Router } from './router.ts'

const LOOK_AGAIN_MS = 200

/**
 * Over when the bot may go: somebody quit, or nobody can say anything any more (`ended`), nothing asked is being worked on, and no change is
 * under way. A change that waits for approval does not hold it: it is kept, and can be approved after the next start.
 */
export async function untilQuiet(
  {
    ended,
    router,
    core,
  }: { ended: Promise<'input over' | 'quit'>; router: Pick<Router, 'idle'>; core: Pick<Core, 'live'> },
  wait: Later = later,
): Promise<void> {
  if ((await ended) === 'quit') return
  for (;;) {
    await router.idle()
    if ((await core.live()).every(({ state }) => state === 'proposed')) return
    await new Promise<void>((resolve) => wait(LOOK_AGAIN_MS, resolve))
  }
}
