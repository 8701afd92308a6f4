import type { webApi } from '@slack/bolt'
import type { Card } from '../../src/cards/card.ts'
import type { Reactions } from '../../src/cards/reactions.ts'
import type { Actor, MessageRef } from '../../src/changes/change.ts'
import type { Attachment } from '../../src/chat/adapter.ts'
import { wordsOf } from '../../src/errors.ts'
import { fileName } from '../file-name.ts'
import type { SlackLog } from './bolt-log.ts'
import type { Call } from './calls.ts'
import type { Channels } from './channels.ts'
import { slackCode } from './errors.ts'
import { type Fitted, fit, inMessages, type Message } from './fit.ts'
import { mentionsOf } from './mentions.ts'
import { userId } from './people.ts'

interface Parts {
  readonly client: webApi.WebClient
  readonly call: Call
  readonly channels: Channels
  readonly reactions: Reactions
  readonly log: SlackLog
}

/** A message as it stands in Slack now. `offered`: it shows all of a card that asks. */
export interface Said {
  readonly channelId: string
  readonly at: MessageRef
  readonly offered: boolean
}

/** The message whose thread is written to is gone; the channel is still there. */
const NO_THREAD = ['thread_not_found', 'message_not_found', 'cannot_reply_to_message']
const QUIET = { unfurl_links: false, unfurl_media: false, link_names: false, parse: 'none' } as const

/** Says things in Slack. A card that is too long for a message is shown in part, and attached as a whole. */
export function createSay({ client, call, channels, reactions, log }: Parts) {
  const attached = new Map<string, string>()

  const change = (channel: string, ts: string, { text, blocks }: Message) =>
    call(`editing a message in ${channel}`, () =>
      client.chat.update({ channel, ts, text, blocks, link_names: false, parse: 'none' }),
    )

  const upload = (channelId: string, at: MessageRef, name: string, file: Buffer) =>
    call(`attaching a file in ${at.channel}`, () =>
      client.filesUploadV2({
        ...{ channel_id: channelId, thread_ts: at.thread ?? at.message },
        ...{ filename: name, title: name, file },
      }),
    )

  /** Attaches what the message does not show; a message must not promise what is not there. */
  const attachWhole = async (channel: string, at: MessageRef, card: Card, file: NonNullable<Fitted['file']>) => {
    if (attached.get(at.message) === file.name) return
    try {
      await upload(channel, at, file.name, Buffer.from(file.text))
      attached.set(at.message, file.name)
      for (const oldest of attached.keys()) if (attached.size > 1000) attached.delete(oldest)
    } catch (error) {
      await change(channel, at.message, fit(card, { trouble: wordsOf(error), reactions }))
      throw error
    }
  }

  const finish = async (channelId: string, at: MessageRef, card: Card, { file, offered }: Fitted): Promise<Said> => {
    if (file) await attachWhole(channelId, at, card, file)
    return { channelId, at, offered }
  }

  return {
    async post(channel: string, card: Card, root?: MessageRef): Promise<Said> {
      const channelId = await channels.id(channel)
      const fitted = fit(card, { mentions: mentionsOf(card.calls), reactions })
      const { text, blocks } = fitted
      const put = async (thread: string | null): Promise<MessageRef> => {
        const { ts = '' } = await call(`posting in ${channel}`, () =>
          client.chat.postMessage({ channel: channelId, text, blocks, ...QUIET, ...(thread && { thread_ts: thread }) }),
        )
        return { adapter: 'slack', channel, message: ts, thread }
      }
      const at = await put(root ? (root.thread ?? root.message) : null).catch((error) => {
        if (root && NO_THREAD.includes(slackCode(error) ?? '')) return put(null)
        throw error
      })
      return finish(channelId, at, card, fitted)
    },
    async attach(to: MessageRef, { name, content }: Attachment): Promise<void> {
      await upload(await channels.id(to.channel), to, fileName(name), Buffer.from(content))
    },
    async edit(at: MessageRef, card: Card): Promise<Said> {
      const channelId = await channels.id(at.channel)
      const fitted = fit(card, { reactions })
      await change(channelId, at.message, fitted)
      return finish(channelId, at, card, fitted)
    },
    /** To one person: in the channel, else as a direct message; else it stands in the log. */
    async whisper(to: Actor, channel: string, card: Card): Promise<void> {
      const user = userId(to)
      try {
        const channelId = await channels.id(channel)
        for (const { text, blocks } of inMessages(card))
          await call(`telling somebody in ${channel}`, () =>
            client.chat.postEphemeral({ channel: channelId, user, text, blocks, link_names: false, parse: 'none' }),
          )
      } catch (first) {
        try {
          for (const { text, blocks } of inMessages(card))
            await call('writing a direct message', () =>
              client.chat.postMessage({ channel: user, text, blocks, ...QUIET }),
            )
        } catch (second) {
          const because = [wordsOf(first), wordsOf(second)]
          log.warn({ to: to.id, title: card.title, because }, 'somebody could not be told privately')
        }
      }
    },
  }
}
