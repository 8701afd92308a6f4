interface Waiting<S> {
  readonly change: (state: S) => S
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Makes changes to one state durable, in order. What comes while a write is under way goes to the disk with the next one: a thousand
 * changes at once are a few writes. A change that throws fails alone; a write that fails, fails all that were in it.
 */
export function createGroupCommit<S>(durable: () => S, write: (next: S) => Promise<void>) {
  let waiting: Waiting<S>[] = []
  let writing = false

  const commit = async (group: readonly Waiting<S>[]): Promise<void> => {
    let next = durable()
    const good = group.filter(({ change, reject }) => {
      try {
        next = change(next)
        return true
      } catch (error) {
        reject(error)
        return false
      }
    })
    try {
      if (next !== durable()) await write(next)
      for (const { resolve } of good) resolve()
    } catch (error) {
      for (const { reject } of good) reject(error)
    }
  }

  const run = async (): Promise<void> => {
    writing = true
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      await commit(group)
    }
    writing = false
  }

  return (change: (state: S) => S): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ change, resolve, reject })
      if (!writing) void run()
    })
}
