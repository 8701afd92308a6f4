import { isOpen } from './changes/windows.ts'
import type { Notifier } from './chat/notifier.ts'
import type { Config } from './config.ts'
import type { Core } from './core.ts'
import { createWatch } from './fleet/watch.ts'
import type { WatchStore } from './fleet/watch-record.ts'
import type { Log } from './log.ts'
import type { Reach } from './reach.ts'

interface Parts {
  readonly core: Core
  readonly notifier: Pick<Notifier, 'found' | 'noticed' | 'unseen'>
  readonly reach: Reach
  readonly log: Log
  readonly store: WatchStore
  readonly now: () => Date
}

export type Watch = ReturnType<typeof watchNodes>

/** Watches the nodes that the configuration says are to be watched. */
export function watchNodes(config: Config, { core, notifier, reach, store, log, now }: Parts) {
  const { quiet, perHour } = config.watching
  return createWatch({
    nodes: Object.entries(config.fleet).flatMap(([name, { watch }]) => (watch ? [name] : [])),
    core,
    follow: (...what) => reach.transport.follow(...what),
    noticed: (node, guest, noticed) => notifier.noticed(node, `vm:${guest}`, noticed),
    unseen: (node, guest, noticed, why) => notifier.unseen(node, `vm:${guest}`, noticed, why),
    found: (diagnosis, noticed) => notifier.found(diagnosis, noticed),
    store,
    patience: { isQuiet: (at) => quiet.length > 0 && isOpen(quiet, config.policy.timeZone, at), perHour },
    now,
    log,
  })
}
