import { setTimeout as sleep } from 'node:timers/promises'

/** Jobs that a stop does not tear apart: those begun are finished, `finishMs` long; later ones are refused. */
export function createUnderWay(finishMs: number) {
  const stopping = new AbortController()
  const givenUp = new AbortController()
  const begun = new Set<Promise<void>>()
  return {
    /** Such a job. It hears when its time is up, and must do nothing after that. */
    whole: (job: (givenUp: AbortSignal) => Promise<void>) => async (): Promise<void> => {
      stopping.signal.throwIfAborted()
      const doing = job(givenUp.signal)
      begun.add(doing)
      try {
        await doing
      } finally {
        begun.delete(doing)
      }
    },
    /** Resolves when nothing is under way, or its time is up. */
    async finish(): Promise<void> {
      stopping.abort()
      await Promise.race([Promise.allSettled(begun), sleep(finishMs, undefined, { ref: false })])
      givenUp.abort()
    },
  }
}
