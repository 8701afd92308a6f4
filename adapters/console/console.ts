import type { Card } from '../../src/cards/card.ts'
import { REACTIONS, type Reactions } from '../../src/cards/reactions.ts'
import { refusalCard } from '../../src/cards/small-cards.ts'
import type { Actor } from '../../src/changes/change.ts'
import type { ChatAdapter, Incoming } from '../../src/chat/adapter.ts'
import { didYouMean } from '../../src/chat/nearest.ts'
import { cleanCard } from '../clean.ts'
import { type Act, expected, readAct } from './acts.ts'
import { withCalls, withoutCalls } from './calls.ts'
import { keepFile } from './files.ts'
import type { MessageIds } from './message-ids.ts'
import type { CardEvent, View } from './view.ts'

export interface RoomParts {
  readonly people: readonly string[]
  /** Where commands are typed. */
  readonly channel: string
  readonly commandNames: readonly string[]
  readonly ids: MessageIds
  readonly view: View
  /** Where attached files are written; null = nowhere. */
  readonly filesFolder: string | null
  readonly reactions?: Reactions
  readonly welcome?: Card
  readonly now: () => Date
}

export interface ConsoleAdapter extends ChatAdapter {
  /** Nobody says anything any more: somebody quit, or the input is over and all that it asked has been dealt with. */
  readonly ended: Promise<'input over' | 'quit'>
}

const MOST_KEPT = 1000

export const personId = (name: string): string => `console:${name}`
const actor = (name: string): Actor => ({ id: personId(name), name, bot: false })

/** The console as a chat room: the people are whoever `/as` says, messages are numbered, reactions are typed. */
export function createRoom(parts: RoomParts): ConsoleAdapter {
  const { people, channel, commandNames, ids, view, filesFolder, reactions = REACTIONS, welcome, now } = parts
  const shown = new Map<string, { card: Card; channel: string }>()
  const given = new Map<string, boolean>()
  const commands = new Set<Promise<void>>()
  const pending = new Set<Promise<void>>()
  const { promise: ended, resolve: end } = Promise.withResolvers<'input over' | 'quit'>()
  let current = people[0] ?? 'operator'
  let receive: (incoming: Incoming) => Promise<void> = async () => undefined

  const show = (event: Omit<CardEvent, 'at' | 'card'>, card: Card): Promise<void> =>
    view.show({ at: now().toISOString(), ...event, card: cleanCard(card) })

  const whisper = (to: Actor, where: string, card: Card): Promise<void> =>
    show({ event: 'whisper', message: null, channel: where, thread: null, to: to.id }, withoutCalls(card))

  const tell = (card: Card): Promise<void> => whisper(actor(current), channel, card)

  const keep = (message: string, where: string, card: Card): void => {
    shown.delete(message)
    shown.set(message, { card, channel: where })
    for (const oldest of shown.keys()) if (shown.size > MOST_KEPT) shown.delete(oldest)
  }

  const follow = (set: Set<Promise<void>>, work: Promise<void>): Promise<void> => {
    const done = work.finally(() => set.delete(done))
    set.add(done)
    return done
  }

  const command = (text: string): Promise<void> => {
    const over = view.busy(text)
    return follow(commands, receive({ kind: 'command', text, by: actor(current), channel }).finally(over))
  }

  /** A reaction right behind a command waits for that command's card; one on a card that asks already does not. */
  const react = async (by: Actor, message: string, yes: boolean, give: boolean): Promise<void> => {
    if (shown.get(message)?.card.asks === undefined) await Promise.allSettled([...commands])
    const there = shown.get(message)
    if (!ids.known(message)) return whisper(by, channel, refusalCard({ refused: `there is no message ${message}` }))
    if (there && !there.card.change)
      return whisper(
        by,
        channel,
        refusalCard({ refused: `${message} asks for nothing`, hint: 'react on a card that asks for approval' }),
      )
    const key = `${by.id} ${message}`
    if (give) given.set(key, yes)
    else given.delete(key)
    await receive({
      kind: 'reaction',
      yes,
      given: give,
      by,
      on: { adapter: 'console', channel: there?.channel ?? channel, message, thread: null },
    })
  }

  const become = (name: string): Promise<void> | undefined => {
    const person = people.find((one) => one.toLowerCase() === name.toLowerCase())
    if (person === undefined) {
      const refused = name ? `nobody here is called "${name}"` : `you are ${current}`
      const hint = `${(name && didYouMean(name, people)) || ''} the people are: ${people.join(', ')}`.trim()
      return tell(refusalCard({ refused, hint }, 'Who?'))
    }
    current = person
    view.person(person)
    return undefined
  }

  const perform = (act: Act, line: string): Promise<void> | undefined => {
    const by = actor(current)
    switch (act.kind) {
      case 'command':
        return command(act.text)
      case 'as':
        return become(act.name)
      case 'react':
        return react(by, act.message, act.yes, true)
      case 'take-back':
        return react(by, act.message, given.get(`${by.id} ${act.message}`) ?? true, false)
      case 'quit':
        return void end('quit')
      case 'nothing':
        return undefined
      case 'bad':
        return tell(
          refusalCard(
            { refused: `expected ${expected(reactions)}; got: ${line.trim().slice(0, 200)}`, hint: '/pcie help' },
            'Not understood',
          ),
        )
      default:
        return act satisfies never
    }
  }

  const hangUp = async (): Promise<void> => {
    while (pending.size) await Promise.allSettled([...pending])
    end('input over')
  }

  let stopped = false
  return {
    name: 'console',
    ended,
    async start(listener) {
      receive = listener
      view.person(current)
      if (welcome) await tell(welcome)
      view.listen(
        (line) =>
          void follow(pending, Promise.resolve(perform(readAct(line, commandNames, reactions), line)).catch(trouble)),
        (quit) => (quit ? end('quit') : void hangUp()),
      )
    },
    async post(where, card, { thread } = {}) {
      const message = ids.next()
      keep(message, where, card)
      await show({ event: 'post', message, channel: where, thread: thread?.message ?? null }, withCalls(card))
      return { adapter: 'console', channel: where, message, thread: thread?.message ?? null }
    },
    async edit({ message, channel: where, thread }, card) {
      const before = shown.get(message)?.card
      keep(message, where, card)
      const event = { event: 'edit', message, channel: where, thread } as const
      await show({ ...event, ...(before && { before: cleanCard(before) }) }, withoutCalls(card))
    },
    async attach({ message, channel: where, thread }, given) {
      const file = await keepFile(filesFolder, message, given)
      await view.show({
        ...{ at: now().toISOString(), event: 'file', message: ids.next(), channel: where },
        ...{ thread: thread ?? message, file },
      })
    },
    groupsOf: async () => [],
    whisper,
    hearOut: async () => undefined,
    connected: () => !stopped,
    async stop() {
      stopped = true
      view.stop()
      end('quit')
    },
  }

  /** The room itself could not be written to: then there is nobody left to tell. */
  function trouble(): void {
    end('quit')
  }
}
