import { setTimeout as sleep } from 'node:timers/promises'
import { webApi } from '@slack/bolt'
import { OperatorError } from '../../src/errors.ts'
import { slackError } from './errors.ts'

/** Does something in Slack. Waits as long as a 429 answer asks, unless that is longer than people can wait for a message. */
export type Call = <T>(doing: string, act: () => Promise<T>) => Promise<T>

export function createCall(patienceMs: number, stopped: AbortSignal): Call {
  return async (doing, act) => {
    const until = Date.now() + patienceMs
    for (;;) {
      try {
        return await act()
      } catch (error) {
        if (!(error instanceof webApi.WebAPIRateLimitedError)) throw slackError(error, doing)
        const ms = error.retryAfter * 1000
        if (Date.now() + ms > until || stopped.aborted)
          throw new OperatorError('time-limit', `Slack, ${doing}: too many requests, wait ${error.retryAfter} s`, {
            hint: 'it is tried again by itself; name fewer channels if this goes on',
            cause: error,
          })
        await sleep(ms, undefined, { signal: stopped }).catch(() => undefined)
      }
    }
  }
}
