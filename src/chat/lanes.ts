/** Waits; a test passes its own. */
export type Later = (ms: number, run: () => void) => () => void

export const later: Later = (ms, run) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

const FIRST_MS = 500
const LONGEST_MS = 60_000

/**
 * Jobs in lanes: one at a time per lane, in order. `converge` repeats its job with back-off, at last once a minute, until it
 * succeeds, however long that takes (a newer one takes the place of one that waits); `once` does it once and hands its outcome to the caller.
 */
export interface Lanes {
  converge(lane: string, job: () => Promise<void>): Promise<void>
  once<T>(lane: string, job: () => Promise<T>): Promise<T>
  /** How many lanes something happens in, or waits. */
  size(): number
  /** Runs what waits once more, and is over when all lanes are empty or the time is up. */
  stop(ms: number): Promise<void>
}

interface Lane {
  chain: Promise<unknown>
  tries: number
  waiting: { cancel: () => void; job: () => Promise<void> } | undefined
}

export function createLanes(
  onTrouble: (lane: string, error: unknown, tries: number) => void,
  wait: Later = later,
): Lanes {
  const lanes = new Map<string, Lane>()
  let stopped = false

  const laneOf = (name: string): Lane => {
    const lane = lanes.get(name) ?? { chain: Promise.resolve(), tries: 0, waiting: undefined }
    lanes.set(name, lane)
    return lane
  }

  const once = <T>(name: string, job: () => Promise<T>): Promise<T> => {
    const lane = laneOf(name)
    const done = lane.chain.then(job)
    const chain = done.catch(() => undefined)
    lane.chain = chain
    // A lane that nobody uses any more is forgotten: there is one for every message that ever was.
    void chain.then(() => {
      if (lane.chain === chain && !lane.waiting && lane.tries === 0 && lanes.get(name) === lane) lanes.delete(name)
    })
    return done
  }

  const converge = (name: string, job: () => Promise<void>): Promise<void> => {
    const lane = laneOf(name)
    lane.waiting?.cancel()
    lane.waiting = undefined
    return once(name, job).then(
      () => {
        lane.tries = 0
      },
      (error: unknown) => {
        lane.tries += 1
        onTrouble(name, error, lane.tries)
        if (stopped || lane.waiting) return
        const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** (lane.tries - 1))
        lane.waiting = { job, cancel: wait(ms, () => void converge(name, job)) }
      },
    )
  }

  return {
    converge,
    once,
    size: () => lanes.size,
    async stop(ms) {
      stopped = true
      for (const [name, { waiting }] of lanes) if (waiting) void converge(name, waiting.job)
      const { promise, resolve } = Promise.withResolvers<void>()
      const cancel = wait(ms, resolve)
      await Promise.race([Promise.all([...lanes.values()].map(({ chain }) => chain)), promise])
      cancel()
    },
  }
}
