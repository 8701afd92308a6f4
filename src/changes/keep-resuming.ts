import { setTimeout as sleep } from 'node:timers/promises'
import { wordsOf } from '../errors.ts'
import type { Runner } from './runner.ts'

interface Log {
  info(about: object, words: string): void
  warn(about: object, words: string): void
}

/** Goes on with the changes again and again, `everyMs` after the last time. A store that is away is told of once, and so is its return. */
export async function keepResuming(
  runner: Pick<Runner, 'resume'>,
  everyMs: number,
  log: Log,
  stop: AbortSignal,
): Promise<void> {
  let away = false
  while (!stop.aborted) {
    await sleep(everyMs, undefined, { signal: stop }).catch(() => undefined)
    if (stop.aborted) return
    try {
      await runner.resume()
      if (away) log.info({}, 'the changes can be read again')
      away = false
    } catch (error) {
      if (!away) log.warn({ because: wordsOf(error) }, 'the changes could not be read; this is tried again')
      away = true
    }
  }
}
