import type { Config } from '../config.ts'
import type { createLanekeeper } from '../main.ts'

type Lanekeeper = Awaited<ReturnType<typeof createLanekeeper>>

/** The whole bot for as long as `use` needs it. Loaded only now: replay and rules do without. */
export async function withLanekeeper<T>(config: Config, use: (lanekeeper: Lanekeeper) => Promise<T>): Promise<T> {
  const { createLanekeeper: create } = await import('../main.ts')
  const lanekeeper = await create(config)
  try {
    return await use(lanekeeper)
  } finally {
    await lanekeeper.close()
  }
}

/** Runs the bot until the room is empty or a signal ends it; what is under way goes on at the next start. */
export const serve = (config: Config, events: boolean): Promise<void> =>
  withLanekeeper(config, async (lanekeeper) => {
    const { promise: signalled, resolve } = Promise.withResolvers<void>()
    const stop = () => resolve()
    process.once('SIGTERM', stop).once('SIGINT', stop).once('SIGHUP', stop)
    await Promise.race([lanekeeper.serve({ events, input: process.stdin, output: process.stdout }), signalled])
  })
