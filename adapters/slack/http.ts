import { HTTPReceiver, type Logger } from '@slack/bolt'
import { OperatorError, wordsOf } from '../../src/errors.ts'

/** Where Slack posts to, behind a proxy that speaks TLS. */
export const ENDPOINT = '/slack/events'

interface Parts {
  readonly signingSecret: string
  readonly host: string
  readonly port: number
  readonly logger: Logger
}

/** HTTP mode: Slack posts here; every request is checked against the signing secret and its age. */
export function createHttp({ signingSecret, host, port, logger }: Parts) {
  const receiver = new HTTPReceiver({ signingSecret, endpoints: [ENDPOINT], logger })
  let listening = false
  return {
    receiver,
    connected: () => listening,
    async start(): Promise<void> {
      try {
        await receiver.start({ port, host })
        listening = true
      } catch (cause) {
        throw new OperatorError('act-failed', `Slack: cannot listen on ${host}:${port}: ${wordsOf(cause)}`, {
          hint: 'choose another port, or stop what listens there',
          cause,
        })
      }
    },
    async stop(): Promise<void> {
      listening = false
      await receiver.stop().catch(() => undefined)
    },
  }
}
