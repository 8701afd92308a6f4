import { randomUUID } from 'node:crypto'
import { type APIMessage, type APIThreadChannel, Routes } from 'discord.js'
import type { MessageRef } from '../../src/changes/change.ts'
import type { Connection } from './connection.ts'
import { CODES, codeOf, type Doing, discordError } from './errors.ts'
import { oneLine } from './escape.ts'
import type { Permission } from './invite.ts'
import { LIMITS } from './limits.ts'
import type { Rendered } from './render.ts'

/** Messages by the bot's own token: they outlive every interaction. */
export interface Messages {
  /** The id of the new message. */
  send(channel: string, rendered: Rendered, replyTo?: string): Promise<string>
  edit(channel: string, message: string, rendered: Rendered): Promise<void>
  /** Into the thread of this message, which is opened by that name where there is none; null = there can be none here. */
  sendInThread(at: MessageRef, name: string, rendered: Rendered): Promise<string | null>
  /** To one person alone; false where they take no direct messages. */
  sendDirect(user: string, rendered: Rendered): Promise<boolean>
}

const POST: readonly Permission[] = ['ViewChannel', 'SendMessages', 'EmbedLinks']
const THREAD: readonly Permission[] = ['ViewChannel', 'CreatePublicThreads', 'SendMessagesInThreads', 'EmbedLinks']
const THREE_DAYS = 4320

export function createMessages(connection: Connection): Messages {
  const attempt = async <T>(doing: Doing, channel: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act()
    } catch (error) {
      throw discordError(error, { ...doing, takes: connection.lacks(channel, doing.takes) })
    }
  }

  const create = async (channel: string, rendered: Rendered, replyTo?: string): Promise<string> => {
    const message = await connection.rest().post(Routes.channelMessages(channel), {
      body: {
        ...bodyOf(rendered),
        // A request that is repeated after a lost answer must not post twice.
        nonce: randomUUID().replaceAll('-', '').slice(0, LIMITS.nonce),
        enforce_nonce: true,
        ...(replyTo && { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
      },
      files: filesOf(rendered),
    })
    return (message as APIMessage).id
  }

  /** False where a thread cannot be: on a message that is gone, or inside another thread. */
  const openThread = async (channel: string, root: string, name: string): Promise<boolean> => {
    try {
      const body = { name: threadName(name), auto_archive_duration: THREE_DAYS }
      await connection.rest().post(Routes.threads(channel, root), { body })
    } catch (error) {
      const code = codeOf(error)
      if (code === CODES.unknownMessage || code === CODES.notInThisChannel) return false
      if (code !== CODES.threadThereAlready) throw error
    }
    return true
  }

  return {
    send: (channel, rendered, replyTo) =>
      attempt({ what: `posting in channel ${channel}`, takes: takesOf(POST, rendered) }, channel, () =>
        create(channel, rendered, replyTo),
      ),
    edit: (channel, message, rendered) =>
      attempt(
        { what: `editing a message in channel ${channel}`, takes: takesOf(POST, rendered) },
        channel,
        async () => {
          const body = {
            ...bodyOf(rendered),
            attachments: rendered.file ? [{ id: '0', filename: rendered.file.name }] : [],
          }
          await connection.rest().patch(Routes.channelMessage(channel, message), { body, files: filesOf(rendered) })
        },
      ),
    sendInThread: (at, name, rendered) =>
      attempt(
        { what: `telling in a thread of channel ${at.channel}`, takes: takesOf(THREAD, rendered) },
        at.channel,
        async () => {
          const root = rootOf(at)
          try {
            return await create(root, rendered)
          } catch (error) {
            if (codeOf(error) === CODES.archived) {
              const reopened = await connection.rest().patch(Routes.channel(root), { body: { archived: false } })
              return create((reopened as APIThreadChannel).id, rendered)
            }
            if (codeOf(error) !== CODES.unknownChannel) throw error
            return (await openThread(at.channel, root, name)) ? create(root, rendered) : null
          }
        },
      ),
    sendDirect: (user, rendered) =>
      attempt({ what: 'telling somebody in private', takes: [] }, '', async () => {
        try {
          const direct = await connection.rest().post(Routes.userChannels(), { body: { recipient_id: user } })
          await create((direct as { id: string }).id, rendered)
          return true
        } catch (error) {
          if (codeOf(error) === CODES.noDirectMessages) return false
          throw error
        }
      }),
  }
}

/** The message that the thread hangs on; the thread has its id. */
export const rootOf = ({ thread, message }: MessageRef): string => thread ?? message

/** Nobody is ever called by a message, except those it names. */
const bodyOf = ({ content, embeds, called: { users, roles } }: Rendered) => ({
  content,
  embeds,
  allowed_mentions: { parse: [], ...(users.length && { users }), ...(roles.length && { roles }) },
})

const filesOf = ({ file }: Rendered) => (file ? [{ name: file.name, data: file.data, contentType: file.type }] : [])

const takesOf = (takes: readonly Permission[], { file }: Rendered): readonly Permission[] =>
  file ? [...takes, 'AttachFiles'] : takes

const threadName = (title: string): string => {
  const name = oneLine(title) || 'incident'
  return name.length <= LIMITS.threadName ? name : `${name.slice(0, LIMITS.threadName - 1).toWellFormed()}…`
}
