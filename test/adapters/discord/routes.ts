import type { createGateway } from './gateway.ts'
import {
  APP,
  BOT,
  channelOf,
  emojiOf,
  GUILD,
  INCIDENTS,
  type Message,
  memberOf,
  messageOf,
  OPS,
  snowflake,
  threadOf,
  userOf,
  type World,
} from './world.ts'

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
}
export interface Request {
  /** `POST /channels/C/messages` */
  readonly operation: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
  readonly files: Message['files']
}

export const errorAnswer = (status: number, code: number, message: string): Answer => ({
  status,
  body: { code, message },
})

export interface Asked {
  readonly id: string
  readonly token: string
  readonly user: string
  state: 'new' | 'deferred' | 'closed'
  ephemeral: boolean
  readonly private: Message[]
  choices: string[] | null
  late: boolean
  /** When it was told to the bot, and how many milliseconds later the bot acknowledged it. */
  readonly at: number
  readonly acknowledged: PromiseWithResolvers<number>
}

const ok = (body?: unknown, status = body === undefined ? 204 : 200): Answer => ({ status, body })
const NO_CHANNEL = errorAnswer(404, 10003, 'Unknown Channel')
const NO_MESSAGE = errorAnswer(404, 10008, 'Unknown Message')

/** What Discord does on a request. */
export function createRoutes(
  world: World,
  gateway: Pick<ReturnType<typeof createGateway>, 'dispatch'>,
  base: () => string,
) {
  const { messages, threads, direct, gone } = world
  const asked = new Map<string, Asked>()
  const there = (channel: string) => [OPS, INCIDENTS].includes(channel) || threads.has(channel) || direct.has(channel)

  const written = (channel: string, { body, files }: Request): Message => ({
    id: snowflake(),
    channel,
    content: (body.content as string) ?? '',
    embeds: (body.embeds as Message['embeds']) ?? [],
    files: [...files],
    reactions: new Map(),
    body,
    replyTo: (body.message_reference as { message_id: string } | undefined)?.message_id ?? null,
  })
  const shown = (message: Message) => messageOf(message, base())
  const react = (message: Message, emoji: string, user: string): void => {
    const users = message.reactions.get(emoji) ?? []
    if (users.includes(user)) return
    message.reactions.set(emoji, [...users, user])
    gateway.dispatch('MESSAGE_REACTION_ADD', {
      ...about(message, emoji, user),
      member: memberOf(user),
      message_author_id: BOT,
    })
  }
  const about = (message: Message, emoji: string, user: string) => ({
    user_id: user,
    channel_id: message.channel,
    message_id: message.id,
    guild_id: GUILD,
    emoji: emojiOf(emoji),
    burst: false,
    type: 0,
  })

  const post = (channel: string, request: Request): Answer => {
    if (!there(channel) || gone.has(channel)) return NO_CHANNEL
    if (threads.get(channel)?.archived) return errorAnswer(400, 50083, 'Thread is archived')
    const nonce = String(request.body.nonce)
    const message = messages.get(world.nonces.get(nonce) ?? '') ?? written(channel, request)
    world.nonces.set(nonce, message.id)
    messages.set(message.id, message)
    return ok(shown(message))
  }

  const edit = (message: Message, { body, files }: Request): Answer => {
    message.content = (body.content as string) ?? message.content
    message.embeds = (body.embeds as Message['embeds']) ?? message.embeds
    if (Array.isArray(body.attachments)) message.files = [...files]
    return ok(shown(message))
  }

  const onMessage = (method: string, message: Message, rest: readonly string[], request: Request): Answer => {
    const emoji = decodeURIComponent(rest[1] ?? '')
    if (rest[0] === 'threads') {
      if (threads.has(message.channel)) return errorAnswer(400, 50024, 'Cannot execute action on this channel type')
      if (threads.has(message.id)) return errorAnswer(400, 160004, 'A thread has already been created for this message')
      const thread = { id: message.id, parent: message.channel, name: String(request.body.name), archived: false }
      threads.set(thread.id, thread)
      gateway.dispatch('THREAD_CREATE', { ...threadOf(thread), newly_created: true })
      return ok(threadOf(thread), 201)
    }
    if (method === 'PUT') {
      react(message, emoji, BOT)
      return ok()
    }
    if (rest[0] === 'reactions') {
      const after = request.query.get('after') ?? '0'
      const users = (message.reactions.get(emoji) ?? []).filter((id) => BigInt(id) > BigInt(after))
      return ok(
        users
          .toSorted()
          .slice(0, Number(request.query.get('limit') ?? 25))
          .map(userOf),
      )
    }
    return method === 'PATCH' ? edit(message, request) : ok(shown(message))
  }

  const byToken = (one: Asked | undefined, operation: string, request: Request): Answer => {
    if (!one) return errorAnswer(404, 10015, 'Unknown Webhook')
    if (operation.endsWith('callback')) {
      if (one.late || one.state !== 'new') return errorAnswer(404, 10062, 'Unknown interaction')
      const { type, data } = request.body as { type: number; data?: { flags?: number; choices?: { value: string }[] } }
      if (type === 8) one.choices = (data?.choices ?? []).map(({ value }) => value)
      one.state = type === 5 ? 'deferred' : 'closed'
      one.acknowledged.resolve(performance.now() - one.at)
      one.ephemeral = data?.flags === 64
      return ok()
    }
    if (one.state === 'new') return errorAnswer(404, 10015, 'Unknown Webhook')
    if (one.late) return errorAnswer(401, 50027, 'Invalid Webhook Token')
    const message = written('0', request)
    if (one.ephemeral) one.private.push(message)
    one.state = 'closed'
    return ok(shown(message))
  }

  return {
    asked,
    react,
    takeBack(message: Message, emoji: string, user: string): void {
      message.reactions.set(
        emoji,
        (message.reactions.get(emoji) ?? []).filter((id) => id !== user),
      )
      if (!message.reactions.get(emoji)?.length) message.reactions.delete(emoji)
      gateway.dispatch('MESSAGE_REACTION_REMOVE', about(message, emoji, user))
    },
    answer(request: Request): Answer {
      const { operation, path, body } = request
      const [, first, id = '', , message = '', ...rest] = path.split('/')
      const [method = ''] = operation.split(' ')
      switch (first) {
        case 'gateway':
          return ok({
            url: `${base().replace('http', 'ws')}/gateway`,
            shards: 1,
            session_start_limit: { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 },
          })
        case 'applications':
          if (method === 'PUT')
            world.commands = (body as unknown as Record<string, unknown>[]).map((one) => ({
              ...optional(one),
              id: snowflake(),
              application_id: APP,
              guild_id: GUILD,
              version: snowflake(),
              default_member_permissions: null,
              type: 1,
            }))
          return ok(world.commands)
        case 'interactions':
        case 'webhooks':
          return byToken(asked.get(path.split('/')[3] ?? ''), operation, request)
        case 'guilds': {
          const user = path.split('/')[4] ?? ''
          return world.left.has(user) ? errorAnswer(404, 10007, 'Unknown Member') : ok(memberOf(user, world))
        }
        case 'users': {
          if (method === 'GET') return ok(userOf(id))
          const recipient = String(body.recipient_id)
          const channel = [...direct].find(([, user]) => user === recipient)?.[0] ?? snowflake()
          direct.set(channel, recipient)
          return ok({ id: channel, type: 1, flags: 0, recipients: [userOf(recipient)] })
        }
        default: {
          const thread = threads.get(id)
          if (operation === 'POST /channels/C/messages') return post(id, request)
          if (operation === 'PATCH /channels/C' && thread) {
            thread.archived = Boolean(body.archived)
            return ok(threadOf(thread))
          }
          if (operation === 'GET /channels/C')
            return thread ? ok(threadOf(thread)) : there(id) ? ok(channelOf(id)) : NO_CHANNEL
          const found = messages.get(message)
          if (!there(id) || gone.has(id)) return NO_CHANNEL
          return found?.channel === id && !gone.has(message) ? onMessage(method, found, rest, request) : NO_MESSAGE
        }
      }
    },
  }
}

/** Discord leaves what is false out of a command's options. */
function optional(command: Record<string, unknown>): Record<string, unknown> {
  const copy = JSON.parse(JSON.stringify(command), (key, value) =>
    value === false && ['required', 'autocomplete'].includes(key) ? undefined : value,
  )
  return { name: copy.name, description: copy.description, options: copy.options }
}
