import { DiscordAPIError, DiscordjsError, HTTPError, type RateLimitError } from 'discord.js'
import { OperatorError, wordsOf } from '../../src/errors.ts'
import type { Permission } from './invite.ts'
import { PERMISSIONS } from './invite.ts'

/** The answers of Discord that need a treatment of their own. */
export const CODES = {
  unknownChannel: 10003,
  unknownGuild: 10004,
  unknownMember: 10007,
  unknownMessage: 10008,
  unknownUser: 10013,
  missingAccess: 50001,
  noDirectMessages: 50007,
  missingPermissions: 50013,
  notInThisChannel: 50024,
  threadThereAlready: 160004,
  archived: 50083,
  oldEdits: 30046,
} as const

/** Discord's own number for what went wrong, also of an error that was made from it. */
export const codeOf = (error: unknown): number | null =>
  error instanceof DiscordAPIError && typeof error.code === 'number'
    ? error.code
    : error instanceof OperatorError && error.cause !== error
      ? codeOf(error.cause)
      : null

export interface Doing {
  /** `posting in channel 12`. */
  readonly what: string
  /** The permissions that it takes; those that are missing where that can be told. */
  readonly takes: readonly Permission[]
}

/** What came back from Discord, as an error that says which setting to change. */
export function discordError(error: unknown, { what, takes }: Doing): OperatorError {
  if (error instanceof OperatorError) return error
  const words = (says: string) => `Discord, ${what}: ${says}`
  const not = (code: OperatorError['code'], says: string, hint: string) =>
    new OperatorError(code, words(says), { hint, cause: error })
  switch (codeOf(error)) {
    case CODES.unknownChannel:
      return not('not-found', 'there is no such channel', 'check the channel id in the configuration (Copy Channel ID)')
    case CODES.unknownGuild:
      return not('not-found', 'the bot is not in that server', INVITE)
    case CODES.unknownMessage:
      return not('not-found', 'the message was deleted', '/pcie status <change> shows the card of a change again')
    case CODES.missingAccess:
      return not('act-failed', 'the bot cannot see the channel', `give its role ${named(takes)} there`)
    case CODES.missingPermissions:
      return not('act-failed', 'a permission is missing', `give the bot's role ${named(takes)} in that channel`)
    case CODES.oldEdits:
      return not('act-failed', 'messages older than an hour take few edits', 'it is tried again by itself')
    default:
      return not(...otherwise(error))
  }
}

function otherwise(error: unknown): [OperatorError['code'], string, string] {
  const words = wordsOf(error)
  if (status(error) === 401 || (error instanceof DiscordjsError && error.code === 'TokenInvalid'))
    return ['login-refused', 'the token is not valid', TOKEN]
  if (/disallowed intents/i.test(words))
    return [
      'login-refused',
      'an intent was refused',
      'in the Developer Portal, under Bot, allow the intents it asks for',
    ]
  if (/Authentication failed/i.test(words)) return ['login-refused', 'the token is not valid', TOKEN]
  if (isRateLimit(error)) return ['act-failed', 'too many requests', 'it is tried again by itself']
  if ((status(error) ?? 0) >= 500) return ['act-failed', `Discord is in trouble (${status(error)})`, WAIT]
  if (error instanceof DiscordAPIError) return ['act-failed', words, 'this may be a bug in Lanekeeper: see the log']
  return ['connection-lost', words, WAIT]
}

const INVITE = 'check the server id in the configuration (Copy Server ID), and let the bot into that server'
const TOKEN = 'take a new one in the Developer Portal, under Bot, Reset Token, and set the environment variable'
const WAIT = 'it is tried again by itself; discordstatus.com says more'

const status = (error: unknown): number | null =>
  error instanceof DiscordAPIError || error instanceof HTTPError ? error.status : null

const isRateLimit = (error: unknown): error is RateLimitError =>
  error instanceof Error && error.name.startsWith('RateLimitError')

/** Permissions as the settings call them, each with what it is for. */
export const named = (takes: readonly Permission[]): string =>
  takes.map((one) => `${spaced(one)} (${PERMISSIONS[one]})`).join(', ') || 'what the invite link asks for'

/** `ReadMessageHistory` → `Read Message History`, as the settings call it. */
const spaced = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
