import type { webApi } from '@slack/bolt'
import { noteCard } from '../../src/cards/small-cards.ts'
import type { Card } from '../../src/cards/card.ts'
import type { Actor, MessageRef } from '../../src/changes/change.ts'
import type { Incoming } from '../../src/chat/adapter.ts'
import { wordsOf } from '../../src/errors.ts'
import { after, asText, type Step, stepsBetween, turns } from './ballot.ts'
import type { SlackLog } from './bolt-log.ts'
import type { Call } from './calls.ts'
import type { Channels } from './channels.ts'
import { type Emoji, meaning } from './emoji.ts'
import { slackCode } from './errors.ts'
import { createInOrder } from './in-order.ts'
import { MOST_EVENTS } from './limits.ts'
import { type Offers, offerId, type SlackOffer } from './offers.ts'
import type { People } from './people.ts'

/** A reaction as an event tells it. `again`: delivered once more, so it may be about what is over. */
export interface Heard {
  readonly event: string
  readonly again: boolean
  readonly channel: string
  readonly ts: string
  readonly user: string
  readonly emoji: string
  readonly given: boolean
}

interface Parts {
  readonly client: webApi.WebClient
  readonly call: Call
  readonly people: People
  readonly channels: Channels
  readonly offers: Offers
  readonly emoji: Emoji
  readonly ownId: () => string
  readonly receive: (incoming: Incoming) => Promise<void>
  readonly whisper: (to: Actor, channel: string, card: Card) => Promise<void>
  readonly log: SlackLog
}

/** Reactions become votes: each once, in order per message, whether they come as events or are found on the message. */
export function createReactions(parts: Parts) {
  const { client, call, people, channels, offers, emoji, ownId, receive, whisper, log } = parts
  const inOrder = createInOrder()
  const seen = new Set<string>()

  const pass = async (on: MessageRef, { user, yes, given }: Step): Promise<void> =>
    receive({ kind: 'reaction', yes, given, by: await people.by(user), on })

  const take = async (offer: SlackOffer, step: Step): Promise<SlackOffer> => {
    if (offer.given.includes(asText(step)) === step.given) return offer
    if (!offer.whole && step.yes) {
      if (step.given) await whisper(await people.by(step.user), offer.at.channel, tooLong(offer))
    } else if (turns(offer.given, step, emoji)) await pass(offer.at, step)
    const next = { ...offer, version: offer.version + 1, given: after(offer.given, step) }
    // The change may have been decided by this very reaction: then the message is no offer any more.
    if (await offers.get(offer.id)) await offers.put(next)
    return next
  }

  /** What stands on the message now, as far as it means something and is not the bot's own; nothing when it is gone. */
  const standing = async (channel: string, ts: string): Promise<string[] | undefined> => {
    try {
      const { message } = await call(`reading the reactions in ${channel}`, () =>
        client.reactions.get({ channel, timestamp: ts, full: true }),
      )
      return (message?.reactions ?? []).flatMap(({ name = '', users = [] }) =>
        meaning(name, emoji) === undefined
          ? []
          : users.filter((user) => user !== ownId()).map((user) => asText({ user, emoji: name })),
      )
    } catch (error) {
      if (slackCode(error) === 'message_not_found') return undefined
      throw error
    }
  }

  const reconcile = async (id: string): Promise<void> => {
    let offer = await offers.get(id)
    if (!offer) return
    const now = await standing(...place(id))
    if (!now) return offers.remove(id)
    for (const step of stepsBetween(offer.given, now, emoji)) offer = await take(offer, step)
  }

  const event = async ({ channel, ts, again, ...one }: Heard): Promise<void> => {
    const yes = meaning(one.emoji, emoji)
    if (yes === undefined) return
    const id = offerId(channel, ts)
    const offer = await offers.get(id)
    if (offer) return again ? reconcile(id) : void (await take(offer, { ...one, yes }))
    if (again && (await standing(channel, ts))?.includes(asText(one)) !== one.given) return
    const on = { adapter: 'slack', channel: channels.spelled(channel), message: ts, thread: null }
    await pass(on, { ...one, yes })
  }

  return {
    /** Over once the core has heard of it. */
    hear(heard: Heard): Promise<void> {
      if (heard.user === ownId() || (seen.has(heard.event) && !heard.again)) return Promise.resolve()
      seen.add(heard.event)
      for (const oldest of seen) if (seen.size > MOST_EVENTS) seen.delete(oldest)
      return inOrder(offerId(heard.channel, heard.ts), () => event(heard)).catch((error) =>
        log.error({ because: wordsOf(error), message: heard.ts }, 'a reaction could not be taken in'),
      )
    },
    /** Reads what stands on this offer, and passes on what was missed. */
    reconcile: (id: string): Promise<void> => inOrder(id, () => reconcile(id)),
  }
}

const place = (id: string): [channel: string, ts: string] => {
  const [channel = '', ts = ''] = id.split('/')
  return [channel, ts]
}

const tooLong = ({ change }: SlackOffer): Card =>
  noteCard(
    'That reaction does not count',
    `The message does not show the whole plan, so a reaction on it approves nothing. Read the attached file, then type /pcie approve ${change}.`,
    'warn',
  )
