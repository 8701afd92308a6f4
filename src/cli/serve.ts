import type { Config } from '../config.ts'
import { type Reach, reachNodes, wholeConfig } from '../reach.ts'

/** The nodes for as long as `use` needs them. */
export async function withNodes<T>(config: Config, use: (reach: Reach) => Promise<T>): Promise<T> {
  const reach = await reachNodes(await wholeConfig(config))
  try {
    return await use(reach)
  } finally {
    await reach.close()
  }
}

/** Runs the bot until the room is empty or a signal ends it; what is under way goes on at the next start. */
export async function serveHere(config: Config, events: boolean): Promise<void> {
  const { serve } = await import('../main.ts')
  const signalled = new AbortController()
  const stop = () => signalled.abort()
  process.once('SIGTERM', stop).once('SIGINT', stop).once('SIGHUP', stop)
  await serve(config, { events, input: process.stdin, output: process.stdout }, signalled.signal)
}
