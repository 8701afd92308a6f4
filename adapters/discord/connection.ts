import { Client, Events, Partials, type REST, Status } from 'discord.js'
import { OperatorError, wordsOf } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import { discordError } from './errors.ts'
import { intentBits, inviteLink, type Permission } from './invite.ts'

export interface ConnectionOptions {
  readonly token: string
  readonly guild: string
  /** For tests: where Discord's REST API is; the gateway's address comes from there. */
  readonly api?: string
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
}

/** The one connection to Discord: the real discord.js, opened by `open` and gone after `close`. */
export interface Connection {
  open(listen: (client: Client) => void): Promise<Client<true>>
  /** Throws while there is no connection. */
  client(): Client<true>
  rest(): REST
  /** Those of these permissions that the bot lacks in this channel; all of them where that cannot be told. */
  lacks(channel: string, permissions: readonly Permission[]): readonly Permission[]
  /** Whether the gateway is heard at this moment. */
  connected(): boolean
  close(): Promise<void>
}

const READY_MS = 30_000

export function createConnection({ token, guild, api, log }: ConnectionOptions): Connection {
  let current: Client<true> | undefined

  const client = (): Client<true> => {
    if (current) return current
    throw new OperatorError('connection-lost', 'there is no connection to Discord', { hint: 'see the log' })
  }

  return {
    async open(listen) {
      const opening = new Client({
        intents: intentBits,
        partials: [Partials.Message, Partials.Channel, Partials.Reaction, Partials.User],
        allowedMentions: { parse: [] },
        rest: { ...(api && { api }), retries: 3 },
      })
      opening.on(Events.Error, (error) =>
        log.error({ because: wordsOf(error), stack: error.stack }, 'Discord: an event could not be handled'),
      )
      opening.on(Events.Invalidated, () =>
        log.error({}, 'Discord: the session is over for good; the bot must be restarted'),
      )
      opening.on(Events.ShardDisconnect, ({ code }) => log.error({ code }, `Discord: ${closed(code)}`))
      opening.on(Events.ShardReconnecting, () => {
        // A connection that is closed on purpose says so as well.
        if (current) log.warn({}, 'Discord: the connection was lost and is being taken up again')
      })
      listen(opening)
      try {
        const ready = await readyOf(opening, token)
        if (!ready.guilds.cache.has(guild)) {
          const hint = `let it in with ${inviteLink(ready.application.id)}, or correct the server id in the configuration`
          throw new OperatorError('not-found', `Discord: the bot is not in the server ${guild}`, { hint })
        }
        current = ready
        return ready
      } catch (error) {
        await opening.destroy()
        throw discordError(error, { what: 'logging in', takes: [] })
      }
    },
    client,
    connected: () => current?.ws.shards.every(({ status }) => status === Status.Ready) ?? false,
    rest: () => client().rest,
    lacks(channel, permissions) {
      const where = client().channels.cache.get(channel)
      if (!where || where.isDMBased()) return permissions
      const has = where.permissionsFor(client().user)
      const missing = permissions.filter((one) => !has?.has(one))
      return missing.length ? missing : permissions
    },
    async close() {
      const leaving = current
      current = undefined
      await leaving?.destroy()
    },
  }
}

/** Logged in, and every server told about; a gateway that closes for good, or says nothing, is an error. */
async function readyOf(client: Client, token: string): Promise<Client<true>> {
  const { promise, resolve, reject } = Promise.withResolvers<Client<true>>()
  const silent = new OperatorError('connection-lost', 'Discord: the gateway did not answer', {
    hint: 'try again later',
  })
  const timer = setTimeout(() => reject(silent), READY_MS)
  client.once(Events.ClientReady, resolve)
  client.once(Events.ShardDisconnect, ({ code }) => reject(new Error(closed(code))))
  client.login(token).catch(reject)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}

const closed = (code: number): string =>
  ({
    4004: 'Authentication failed: the token is not valid any more',
    4013: 'Invalid intents: this may be a bug in Lanekeeper',
    4014: 'Disallowed intents',
  })[code] ?? `the gateway was closed for good (${code})`
