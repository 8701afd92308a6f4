import type { webApi } from '@slack/bolt'
import type { Card } from '../../src/cards/card.ts'
import type { Actor, MessageRef } from '../../src/changes/change.ts'
import { wordsOf } from '../../src/errors.ts'
import type { SlackLog } from './bolt-log.ts'
import type { Call } from './calls.ts'
import type { Channels } from './channels.ts'
import { type Fitted, fit, inMessages, type Message } from './fit.ts'
import { userId } from './people.ts'

interface Parts {
  readonly client: webApi.WebClient
  readonly call: Call
  readonly channels: Channels
  readonly log: SlackLog
}

/** A message as it stands in Slack now. `offered`: it shows all of a card that asks. */
export interface Said {
  readonly channelId: string
  readonly at: MessageRef
  readonly offered: boolean
}

const QUIET = { unfurl_links: false, unfurl_media: false, link_names: false, parse: 'none' } as const

/** Says things in Slack. A card that is too long for a message is shown in part, and attached as a whole. */
export function createSay({ client, call, channels, log }: Parts) {
  const attached = new Map<string, string>()

  const change = (channel: string, ts: string, { text, blocks }: Message) =>
    call(`editing a message in ${channel}`, () =>
      client.chat.update({ channel, ts, text, blocks, link_names: false, parse: 'none' }),
    )

  /** Attaches what the message does not show; a message must not promise what is not there. */
  const attach = async (channel: string, at: MessageRef, card: Card, file: NonNullable<Fitted['file']>) => {
    if (attached.get(at.message) === file.name) return
    try {
      await call(`attaching a file in ${channel}`, () =>
        client.filesUploadV2({
          channel_id: channel,
          thread_ts: at.thread ?? at.message,
          filename: file.name,
          title: file.name,
          content: file.text,
        }),
      )
      attached.set(at.message, file.name)
      for (const oldest of attached.keys()) if (attached.size > 1000) attached.delete(oldest)
    } catch (error) {
      await change(channel, at.message, fit(card, wordsOf(error)))
      throw error
    }
  }

  const finish = async (channelId: string, at: MessageRef, card: Card, { file, offered }: Fitted): Promise<Said> => {
    if (file) await attach(channelId, at, card, file)
    return { channelId, at, offered }
  }

  return {
    async post(channel: string, card: Card, root?: MessageRef): Promise<Said> {
      const channelId = await channels.id(channel)
      const thread = root ? (root.thread ?? root.message) : null
      const fitted = fit(card)
      const { text, blocks } = fitted
      const { ts = '' } = await call(`posting in ${channel}`, () =>
        client.chat.postMessage({ channel: channelId, text, blocks, ...QUIET, ...(thread && { thread_ts: thread }) }),
      )
      return finish(channelId, { adapter: 'slack', channel, message: ts, thread }, card, fitted)
    },
    async edit(at: MessageRef, card: Card): Promise<Said> {
      const channelId = await channels.id(at.channel)
      const fitted = fit(card)
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
