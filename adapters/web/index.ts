import { nanoid } from 'nanoid'
import type { Card } from '../../src/cards/card.ts'
import { REACTIONS, type Reactions } from '../../src/cards/reactions.ts'
import type { Actor, MessageRef } from '../../src/changes/change.ts'
import type { ChatAdapter, Incoming } from '../../src/chat/adapter.ts'
import { OperatorError, wordsOf } from '../../src/errors.ts'
import { fileName } from '../file-name.ts'
import { createListeners } from './listeners.ts'
import { createMessages, type WebMessage } from './messages.ts'
import type { WebPerson } from './people.ts'
import { type Room, serveWeb } from './server.ts'

export type { WebPerson } from './people.ts'

export interface WebOptions {
  readonly host: string
  readonly port: number
  readonly names: readonly string[]
  readonly people: readonly WebPerson[]
  /** People may become one another: a demonstration. */
  readonly open: boolean
  readonly channel: string
  readonly incidents: string
  readonly reactions?: Reactions
  /** Lines that the page offers while one types. */
  readonly known: () => readonly string[]
  /** Hears where the page is, as soon as it is served. */
  readonly started?: (address: string) => void
  readonly log: { error(about: object, words: string): void }
  readonly now?: () => Date
}

const NAME = 'web'

/** A page that listens everywhere is reached here, too. */
const addressOf = (host: string, port: number): string =>
  `http://${/^(0\.0\.0\.0|::)$/.test(host) ? '127.0.0.1' : host}:${port}/`

/** A chat in a browser, for people without Slack or Discord and for the day those are down. */
export function createWebAdapter(options: WebOptions): ChatAdapter {
  const { people, channel: ops, incidents, log, now = () => new Date() } = options
  const { reactions = REACTIONS } = options
  const messages = createMessages()
  let listeners = createListeners()
  let served: Awaited<ReturnType<typeof serveWeb>> | undefined
  let receive: (incoming: Incoming) => Promise<void> = async () => undefined

  const actorOf = ({ name }: WebPerson): Actor => ({ id: `${NAME}:${name}`, name, bot: false })
  const pass = (incoming: Incoming): void =>
    void receive(incoming).catch((error: unknown) =>
      log.error({ because: wordsOf(error) }, 'what came from the web page could not be dealt with'),
    )
  const asSeen = (message: WebMessage, person: string) => ({ ...message, given: messages.given(message.id, person) })
  const show = (message: WebMessage): void => {
    // A page that is not served takes no message: it is tried again, or told elsewhere.
    if (!served) throw new OperatorError('connection-lost', 'the web page is not served', { hint: 'see the log' })
    messages.put(message)
    listeners.tell('message', (person) =>
      message.to === null || message.to === person ? asSeen(message, person) : undefined,
    )
  }
  const calledBy = ({ calls = [] }: Card): string[] =>
    calls.flatMap((id) => people.filter(({ name }) => id === `${NAME}:${name}`).map(({ name }) => name))

  const room: Room = {
    people,
    listen(response, person) {
      listeners.add(response, person.name)
      listeners.say(response, 'hello', {
        ...{ person: person.name, channel: ops, incidents, reactions, known: options.known() },
        others: options.open ? people : [],
      })
      for (const message of messages.seenBy(person.name))
        listeners.say(response, 'message', asSeen(message, person.name))
    },
    say: (person, text) => pass({ kind: 'command', text, by: actorOf(person), channel: ops }),
    react(person, id, yes, given) {
      const message = messages.get(id)
      if (!message?.card.asks) return false
      messages.give(id, person.name, given ? (yes ? 'yes' : 'no') : null)
      show(message)
      const on: MessageRef = { adapter: NAME, channel: message.channel, message: id, thread: message.thread }
      pass({ kind: 'reaction', yes, given, by: actorOf(person), on })
      return true
    },
    file: (path) => messages.content(path),
  }

  const newMessage = (channel: string, card: Card, given: Partial<WebMessage> = {}): WebMessage => {
    const { calls: _, ...plain } = card
    const id = nanoid(10)
    return {
      id,
      channel,
      thread: null,
      at: now().toISOString(),
      card: plain,
      files: [],
      called: [],
      to: null,
      ...given,
    }
  }

  return {
    name: NAME,
    async start(listener) {
      receive = listener
      listeners = createListeners()
      served = await serveWeb(options, room)
      options.started?.(addressOf(options.host, served.port))
    },
    async post(channel, card, { thread } = {}) {
      const message = newMessage(channel, card, {
        thread: thread ? (thread.thread ?? thread.message) : null,
        called: calledBy(card),
      })
      show(message)
      return { adapter: NAME, channel, message: message.id, thread: message.thread }
    },
    async edit({ message: id, channel, thread }, card) {
      const before = messages.get(id)
      // After a restart the page has forgotten the message; it is there again with what it says now.
      const { card: plain } = newMessage(channel, card)
      show({ ...newMessage(channel, plain, { id, thread }), ...before, card: plain, called: [] })
    },
    async attach({ message: id, thread, channel }, { name: given, type, content }) {
      const name = fileName(given)
      const root = messages.get(thread ?? id) ?? messages.get(id)
      const path = `/files/${nanoid(10)}/${encodeURIComponent(name)}`
      const file = { name, type, path }
      show(
        root
          ? { ...root, files: [...root.files, file] }
          : newMessage(channel, { title: name, tone: 'info', blocks: [] }, { files: [file] }),
      )
      messages.keep(path, type, content)
    },
    groupsOf: async () => [],
    async whisper(to, channel, card) {
      if (!to.id.startsWith(`${NAME}:`))
        throw new OperatorError('not-found', `${to.name} (${to.id}) is nobody on the web page`)
      show(newMessage(channel, card, { to: to.id.slice(NAME.length + 1) }))
    },
    hearOut: async () => undefined,
    connected: () => served !== undefined,
    async stop() {
      receive = async () => undefined
      const ending = served
      served = undefined
      listeners.stop()
      await ending?.stop()
    },
  }
}
