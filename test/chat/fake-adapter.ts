import type { Card } from '../../src/cards/card.ts'
import { cardText } from '../../src/cards/text.ts'
import type { MessageRef } from '../../src/changes/change.ts'
import type { Attachment, ChatAdapter } from '../../src/chat/adapter.ts'

export interface Said {
  readonly what: 'post' | 'edit' | 'whisper' | 'file'
  readonly message: string
  readonly channel: string
  readonly thread: string | null
  readonly card: Card
  readonly text: string
  readonly file?: Attachment
}

/**
 * A chat that remembers what was said; `fail` makes it refuse whatever the test wants refused (an error of its own is thrown
 * as it is). `groups`: who is in which, by ids.
 */
export function createFakeAdapter(
  name = 'fake',
  fail: (what: Said) => boolean | Error = () => false,
  groups: Readonly<Record<string, readonly string[]>> = {},
) {
  const said: Said[] = []
  let count = 0
  const put = (one: Said) => {
    const trouble = fail(one)
    if (trouble) throw trouble === true ? new Error(`${name} is down`) : trouble
    said.push(one)
  }
  const say = (what: Said['what'], message: string, channel: string, thread: string | null, card: Card) =>
    put({ what, message, channel, thread, card, text: cardText(card) })
  const adapter: ChatAdapter = {
    name,
    start: async () => undefined,
    async post(channel, card, { thread } = {}) {
      count += 1
      const message = `${name}-${count}`
      say('post', message, channel, thread?.message ?? null, card)
      return { adapter: name, channel, message, thread: thread?.message ?? null }
    },
    async edit({ message, channel, thread }: MessageRef, card) {
      say('edit', message, channel, thread, card)
    },
    async attach({ message, channel, thread }, file) {
      const card = { title: file.name, tone: 'info', blocks: [] } as const
      put({ what: 'file', message, channel, thread: thread ?? message, card, text: file.name, file })
    },
    groupsOf: async ({ id }, among) => among.filter((group) => groups[group]?.includes(id)),
    async whisper(to, channel, card) {
      say('whisper', to.id, channel, null, card)
    },
    hearOut: async () => undefined,
    connected: () => true,
    stop: async () => undefined,
  }
  return { adapter, said }
}
