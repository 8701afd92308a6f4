import type { Link } from './link.ts'

/** A place on a connection for one run. Leave it in any case; retire the connection when it cannot be trusted any more. */
export interface Seat {
  readonly link: Link
  /** True when the connection had been opened for an earlier run, or for another one. */
  readonly reused: boolean
  leave(): void
  retire(): void
}

export interface Pool {
  /** A seat on the node's shared connection; the first caller opens it, the others wait for the same. */
  take(node: string): Promise<Seat>
  /** A seat on a new connection that nobody else gets. */
  own(node: string): Promise<Seat>
  close(why: string): void
}

interface Entry {
  readonly opening: Promise<Link>
  runs: number
  shared: boolean
  idle: NodeJS.Timeout | undefined
}

/** sshd allows ten sessions on a connection (MaxSessions); beyond this a further connection is opened. */
const RUNS_PER_LINK = 8

/** Connections that nobody uses and that are kept all the same; of more, the one that has been idle longest is closed. */
const MOST_IDLE = 64

/** One connection per node, closed when nobody has used it for a while. */
export const createPool = ({ open, idleMs }: { open: (node: string) => Promise<Link>; idleMs: number }): Pool => {
  const shared = new Map<string, Entry>()
  const all = new Set<Entry>()
  /** By what closes them, the one that has been idle longest first. */
  const idling = new Map<Entry, () => void>()

  const add = (node: string): Entry => {
    const entry: Entry = { opening: open(node), runs: 0, shared: false, idle: undefined }
    all.add(entry)
    const forget = () => {
      all.delete(entry)
      idling.delete(entry)
      unshare(node, entry)
    }
    entry.opening.then((link) => link.onDown(forget), forget)
    return entry
  }

  const unshare = (node: string, entry: Entry) => {
    entry.shared = false
    clearTimeout(entry.idle)
    if (shared.get(node) === entry) shared.delete(node)
  }

  const sit = async (node: string, entry: Entry, reused: boolean): Promise<Seat> => {
    clearTimeout(entry.idle)
    idling.delete(entry)
    entry.runs++
    const link = await entry.opening
    return {
      link,
      reused,
      retire: () => unshare(node, entry),
      leave: () => {
        entry.runs--
        if (entry.runs > 0) return
        if (!entry.shared) return link.close('no longer needed')
        const close = () => link.close('idle')
        entry.idle = setTimeout(close, idleMs).unref()
        idling.set(entry, close)
        const [oldest] = idling
        if (idling.size > MOST_IDLE) oldest?.[1]()
      },
    }
  }

  return {
    async take(node) {
      const last = shared.get(node)
      if (last && last.runs < RUNS_PER_LINK) return sit(node, last, true)
      if (last) unshare(node, last)
      const entry = add(node)
      entry.shared = true
      shared.set(node, entry)
      return sit(node, entry, false)
    },
    own: async (node) => sit(node, add(node), false),
    close(why) {
      for (const { opening } of [...all])
        opening.then(
          (link) => link.close(why),
          () => undefined,
        )
    },
  }
}
