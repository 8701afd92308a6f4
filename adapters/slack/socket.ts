import { setTimeout as sleep } from 'node:timers/promises'
import { type Logger, SocketModeReceiver, type webApi } from '@slack/bolt'
import { hintOf, wordsOf } from '../../src/errors.ts'
import type { SlackLog } from './bolt-log.ts'
import { slackError } from './errors.ts'

interface Parts {
  readonly appToken: string
  readonly clientOptions: webApi.WebClientOptions
  readonly logger: Logger
  readonly log: SlackLog
  readonly stopped: AbortSignal
  /** A socket is open again after there was none: what came meanwhile has to be looked for. */
  readonly onReturn: () => void
}

const HELLO_MS = 30_000
const GOODBYE_MS = 2000
const LONGEST_MS = 30_000

/**
 * Socket Mode: one socket, opened again as long as the bot runs. The client's own way back is off: it waits five seconds
 * before every attempt, and ends the process with an unhandled rejection when Slack cannot be reached for a while.
 */
export function createSocket({ appToken, clientOptions, logger, log, stopped, onReturn }: Parts) {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions },
  })
  const { client } = receiver
  let open = false
  let connecting: Promise<unknown> = Promise.resolve()

  const hangUp = () => client.disconnect().catch(() => undefined)
  const connect = async (): Promise<void> => {
    const late = setTimeout(() => void hangUp(), HELLO_MS)
    try {
      await client.start()
      // The client opens a socket also where it was told to hang up before it knew the address.
      if (stopped.aborted) await hangUp()
      stopped.throwIfAborted()
      open = true
    } catch (error) {
      throw slackError(error ?? new Error('the socket closed before it was ready'), 'opening a socket')
    } finally {
      clearTimeout(late)
    }
  }

  const reconnect = async (): Promise<void> => {
    for (let tries = 0; !stopped.aborted; tries += 1) {
      try {
        const opening = connect()
        connecting = opening.catch(() => undefined)
        await opening
        if (tries) log.info({ tries }, 'the socket to Slack is open again')
        return onReturn()
      } catch (error) {
        if (stopped.aborted) return
        log.warn(
          { tries, because: wordsOf(error), hint: hintOf(error) },
          'the socket to Slack could not be opened again',
        )
        await sleep(Math.min(LONGEST_MS, 500 * 2 ** tries), undefined, { signal: stopped }).catch(() => undefined)
      }
    }
  }

  client.on('disconnected', () => {
    if (!open || stopped.aborted) return
    open = false
    void reconnect()
  })

  return {
    receiver,
    start: connect,
    connected: () => open,
    async stop(): Promise<void> {
      open = false
      const over = Promise.all([hangUp(), connecting])
      await Promise.race([over, sleep(GOODBYE_MS, undefined, { ref: false })])
    },
  }
}
