import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ZodMiniType } from 'zod/mini'

/** Operation → the published schemas of its request and of its answer. `[]` = a list of that; null = no body. */
const OPERATIONS: Record<string, readonly [request: string | null, response: string | null]> = {
  'GET /gateway/bot': [null, 'GatewayBotResponse'],
  'GET /applications/A/guilds/G/commands': [null, 'ApplicationCommandResponse[]'],
  'PUT /applications/A/guilds/G/commands': ['ApplicationCommandUpdateRequest[]', 'ApplicationCommandResponse[]'],
  'POST /interactions/I/T/callback': [
    'CreateMessageInteractionCallbackRequest|ApplicationCommandAutocompleteCallbackRequest',
    null,
  ],
  'PATCH /webhooks/A/T/messages/@original': [
    'IncomingWebhookUpdateForInteractionCallbackRequestPartial',
    'MessageResponse',
  ],
  'POST /webhooks/A/T': ['IncomingWebhookInteractionRequest', 'MessageResponse'],
  'GET /channels/C': [null, 'GuildChannelResponse|ThreadResponse'],
  'PATCH /channels/C': ['UpdateThreadRequestPartial', 'ThreadResponse'],
  'POST /channels/C/messages': ['MessageCreateRequest', 'MessageResponse'],
  'GET /channels/C/messages/M': [null, 'MessageResponse'],
  'PATCH /channels/C/messages/M': ['MessageEditRequestPartial', 'MessageResponse'],
  'GET /channels/C/messages/M/reactions/E': [null, 'UserResponse[]'],
  'PUT /channels/C/messages/M/reactions/E/@me': [null, null],
  'POST /channels/C/messages/M/threads': ['CreateTextThreadWithMessageRequest', 'ThreadResponse'],
  'POST /users/@me/channels': ['CreatePrivateChannelRequest', 'PrivateChannelResponse'],
  'GET /users/U': [null, 'UserResponse'],
  'GET /guilds/G/members/U': [null, 'GuildMemberResponse'],
}

/** Keys that discord.js sends besides, and Discord documents: CHAT.md, section C. */
const EXTRA: Record<string, readonly string[]> = {
  'POST /interactions/I/T/callback': ['data.tts', 'data.enforce_nonce', 'data.nonce'],
  'PATCH /webhooks/A/T/messages/@original': ['tts', 'enforce_nonce', 'nonce'],
  'POST /webhooks/A/T': ['enforce_nonce', 'nonce'],
  'PUT /applications/A/guilds/G/commands': ['nsfw', 'default_permission'],
}

/** The zod schemas that are generated from Discord's own OpenAPI file, with every unknown key an error. */
const schemas: Record<string, ZodMiniType> = await (async () => {
  const file = fileURLToPath(import.meta.resolve('discord-api-spec/zod'))
  // Its switch for strict keys comes too late: the schemas are made while the module loads.
  const strict = readFileSync(file, 'utf8')
    .replace('"zod/mini"', JSON.stringify(import.meta.resolve('zod/mini')))
    .replace('let zObject = z.object;', 'let zObject = z.strictObject;')
  return import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(strict).toString('base64')}`)
})()

export const known = (operation: string): boolean => operation in OPERATIONS

/** What Discord would find wrong with this request, and what its schemas find wrong with an answer of the stub. */
export function problems(operation: string, side: 'request' | 'response', body: unknown): string[] {
  const names = OPERATIONS[operation]?.[side === 'request' ? 0 : 1]
  if (names === undefined) return [`${operation}: unknown`]
  if (names === null) return body === undefined ? [] : [`${operation}: a ${side} without a body has one`]
  const found: string[] = []
  const extra = side === 'request' ? (EXTRA[operation] ?? []) : []
  for (const one of names.split('|')) {
    const list = one.endsWith('[]')
    const schema = schemas[`${one.replace('[]', '')}Schema`]
    if (!schema) throw new Error(`no schema ${one}`)
    const issues = (list ? (Array.isArray(body) ? body : [body]) : [body]).flatMap((item) => {
      const parsed = schema.safeParse(without(item, extra))
      return parsed.success ? [] : parsed.error.issues.map((issue) => JSON.stringify(issue).slice(0, 600))
    })
    if (issues.length === 0) return side === 'request' ? limits(operation, body) : []
    found.push(...issues.map((issue) => `${operation} ${side}, ${one}: ${issue}`))
  }
  return found
}

function without(body: unknown, keys: readonly string[]): unknown {
  const copy = structuredClone(body)
  for (const key of keys) {
    const path = key.split('.')
    const last = path.pop() ?? ''
    const holder = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], copy)
    if (typeof holder === 'object' && holder !== null) delete (holder as Record<string, unknown>)[last]
  }
  return copy
}

interface Message {
  content?: string
  embeds?: { title?: string; description?: string; footer?: { text: string }; fields?: unknown[] }[]
  attachments?: unknown[]
  allowed_mentions?: { parse?: string[]; users?: string[]; roles?: string[] }
  nonce?: string
  name?: string
}

/** What the schemas miss: the documented limits of CHAT.md, and what we owe people besides. */
export function limits(operation: string, body: unknown): string[] {
  const wrong: string[] = []
  const check = (ok: boolean, what: string) => void (ok || wrong.push(`${operation}: ${what}`))
  const callback = operation.startsWith('POST /interactions') ? (body as { data?: Message; type: number }) : undefined
  const message = (callback ? callback.data : body) as Message
  if (/messages(\/M|\/@original)?$|POST \/webhooks/.test(operation)) {
    const text = (message.embeds ?? []).map(({ title = '', description = '', footer }) =>
      [title, description, footer?.text ?? ''].map((one) => one.trim().length).reduce((a, b) => a + b),
    )
    check((message.content ?? '').length <= 2000, 'content of more than 2000 characters')
    check(text.reduce((a, b) => a + b, 0) <= 6000, 'embeds of more than 6000 characters')
    check(
      text.every((length) => length > 0),
      'an embed without words',
    )
    check((message.content ?? '').trim() !== '' || text.length > 0, 'an empty message')
    check(message.allowed_mentions?.parse?.length === 0, 'mentions are not switched off')
    const { users = [], roles = [] } = message.allowed_mentions ?? {}
    const called = [...(message.content ?? '').matchAll(/<@(&?)(\d+)>/g)].map(([, role, id]) => `${role}${id}`)
    const allowed = [...users, ...roles.map((id) => `&${id}`)]
    check(called.toSorted().join() === allowed.toSorted().join(), 'mentions that are not the allowed ones')
    check(users.length <= 100 && roles.length <= 100, 'more than 100 mentions')
  }
  if (operation === 'POST /channels/C/messages') check(Boolean(message.nonce), 'a message that could be posted twice')
  if (operation.endsWith('/threads')) check((message.name ?? '').trim() !== '', 'a thread without a name')
  if (operation.startsWith('PUT /applications')) {
    check(JSON.stringify(body).length <= 8000, 'a command of more than 8000 characters')
    for (const { name } of body as { name: string }[]) check(/^[-_\p{L}\p{N}]{1,32}$/u.test(name), 'a bad command name')
  }
  if (callback?.type === 4) check(Boolean(callback.data), 'an answer without data')
  return wrong
}
