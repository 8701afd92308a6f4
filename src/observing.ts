import type { Change } from './changes/change.ts'
import type { ChatAdapter } from './chat/adapter.ts'
import type { Config } from './config.ts'
import { hintOf, OperatorError, wordsOf } from './errors.ts'
import type { Log } from './log.ts'
import type { Look } from './looking.ts'
import { healthOf } from './observe/health.ts'
import { serveHttp } from './observe/http.ts'
import { createMetrics, type Readings } from './observe/metrics.ts'

/** Notes what happens, in the log and in numbers: each look and each step of a change under the id that its card shows. */
export function createObserving(log: Log, readings: Readings) {
  const metrics = createMetrics(readings)
  return {
    metrics,
    looked({ id, glance: { node, status, cause, says }, target, seconds, error }: Look): void {
      metrics.looked({ status }, seconds)
      const about = { diagnosis: id, node, target, verdict: status, cause, seconds: Math.round(seconds * 1000) / 1000 }
      if (error === undefined) log.info(about, 'a node was looked at')
      else if (error instanceof OperatorError) log.warn({ ...about, because: says }, 'a node could not be looked at')
      else log.error({ ...about, err: error }, 'a node could not be looked at')
    },
    changed(change: Change, previous: Change | null): void {
      const { id, state, plan, digest } = change
      if (previous?.state === state) return
      const outcome = change.state === 'closed' ? { outcome: change.outcome, because: change.because } : {}
      log.info({ change: id, node: plan.node, state, digest: digest.slice(0, 12), ...outcome }, 'a change moved')
      if (change.state === 'closed') metrics.closed(change)
    },
  }
}

interface Parts {
  readonly config: Config
  readonly observing: ReturnType<typeof createObserving>
  readonly chats: readonly ChatAdapter[]
  readonly tryStore: () => Promise<void>
  readonly live: () => Promise<readonly Change[]>
  readonly watched: () => readonly [connected: number, of: number]
  readonly log: Log
}

/** Serves health and metrics where the configuration says; a port that is taken is said in the log, and holds nothing up. */
export async function serveObserving({ config, observing, chats, tryStore, live, watched, log }: Parts) {
  if (!config.http) return { stop: async () => undefined }
  const health = () => healthOf({ chats, tryStore, live, watched })
  try {
    const served = await serveHttp({ ...config.http, health, metrics: observing.metrics })
    log.info({ at: `http://${config.http.host}:${served.port}/` }, 'healthz and metrics are served')
    return served
  } catch (error) {
    log.warn({ because: wordsOf(error), hint: hintOf(error) }, 'health and metrics are not served')
    return { stop: async () => undefined }
  }
}
