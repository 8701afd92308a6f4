/** When people are left alone, and how often an hour they are told of one node at most. */
export interface Patience {
  readonly isQuiet: (now: Date) => boolean
  readonly perHour: number
}

const HOUR_MS = 3_600_000

/**
 * Tells now what may be told, and keeps the rest: the newest of each key, until the quiet hours are over or the hour has room
 * again. `release` is called from time to time, and tells `trouble` what it could not do. A job that throws is kept and tried again.
 */
export function createHeldBack(
  { isQuiet, perHour }: Patience,
  now: () => Date,
  trouble: (node: string, error: unknown) => void = () => undefined,
) {
  const held = new Map<string, Map<string, () => Promise<void>>>()
  const told = new Map<string, readonly number[]>()

  const mayTell = (node: string): boolean => {
    const at = now()
    const lately = (told.get(node) ?? []).filter((time) => at.getTime() - time < HOUR_MS)
    told.set(node, lately)
    return !isQuiet(at) && lately.length < perHour
  }

  const releaseOf = async (node: string): Promise<void> => {
    const jobs = held.get(node)
    if (!jobs) return
    for (const [key, job] of jobs) {
      if (!mayTell(node)) break
      told.set(node, [...(told.get(node) ?? []), now().getTime()])
      jobs.delete(key)
      try {
        await job()
      } catch (error) {
        if (!jobs.has(key)) jobs.set(key, job)
        throw error
      }
    }
    if (jobs.size === 0) held.delete(node)
  }

  return {
    /** `key`: what it is about; a newer one takes the place of one that waits. */
    async tell(node: string, key: string, job: () => Promise<void>): Promise<void> {
      const jobs = held.get(node) ?? new Map<string, () => Promise<void>>()
      jobs.set(key, job)
      held.set(node, jobs)
      await releaseOf(node)
    },
    async release(): Promise<void> {
      await Promise.all([...held.keys()].map((node) => releaseOf(node).catch((error) => trouble(node, error))))
    },
    /** How many wait. */
    waiting: () => [...held.values()].reduce((sum, jobs) => sum + jobs.size, 0),
  }
}
