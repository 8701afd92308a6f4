/** A reaction as an event tells it. `again`: delivered once more, so it may be about what is over. */
export interface Heard {
  readonly event: string
  readonly again: boolean
  /** When it happened, as Slack writes it; null where that was not told. */
  readonly when: string | null
  /** The message: channel id and timestamp. */
  readonly id: string
  readonly user: string
  readonly emoji: string
  readonly given: boolean
}

/** Tells what is new: no event twice, and none that was overtaken by a later one about the same reaction. */
export function createNews(most: number) {
  const events = new Set<string>()
  const latest = new Map<string, number>()
  return {
    fresh({ event, when, id, user, emoji }: Heard): boolean {
      if (events.has(event)) return false
      events.add(event)
      for (const oldest of events) if (events.size > most) events.delete(oldest)
      const about = `${id} ${user} ${emoji}`
      const at = Number(when ?? Number.NaN)
      if (at < (latest.get(about) ?? 0)) return false
      if (!Number.isNaN(at)) latest.set(about, at)
      for (const oldest of latest.keys()) if (latest.size > most) latest.delete(oldest)
      return true
    },
  }
}
