import type { Card } from '../../src/cards/card.ts'
import { cardText } from '../../src/cards/text.ts'
import type { MessageRef } from '../../src/changes/change.ts'
import type { ChatAdapter } from '../../src/chat/adapter.ts'

export interface Said {
  readonly what: 'post' | 'edit' | 'whisper'
  readonly message: string
  readonly channel: string
  readonly thread: string | null
  readonly card: Card
  readonly text: string
}

/** A chat that remembers what was said; `fail` makes it refuse whatever the test wants refused. */
export function createFakeAdapter(name = 'fake', fail: (what: Said) => boolean = () => false) {
  const said: Said[] = []
  let count = 0
  const say = (what: Said['what'], message: string, channel: string, thread: string | null, card: Card) => {
    const one = { what, message, channel, thread, card, text: cardText(card) }
    if (fail(one)) throw new Error(`${name} is down`)
    said.push(one)
  }
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
    async whisper(to, channel, card) {
      say('whisper', to.id, channel, null, card)
    },
    stop: async () => undefined,
  }
  return { adapter, said }
}
