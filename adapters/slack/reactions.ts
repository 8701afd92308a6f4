import { setTimeout as sleep } from 'node:timers/promises'
import type { webApi } from '@slack/bolt'
import type { Card } from '../../src/cards/card.ts'
import type { Reactions } from '../../src/cards/reactions.ts'
import type { Actor, MessageRef } from '../../src/changes/change.ts'
import type { Incoming } from '../../src/chat/adapter.ts'
import { hintOf, wordsOf } from '../../src/errors.ts'
import { tooEarlyCard, tooLongCard } from '../ballot-words.ts'
import { SLOW_EDIT_MS } from '../slow-edit.ts'
import { after, asGiven, asText, type Step, stepsBetween, turns } from './ballot.ts'
import type { SlackLog } from './bolt-log.ts'
import type { Call } from './calls.ts'
import type { Channels } from './channels.ts'
import { type Emoji, meaning } from './emoji.ts'
import { slackCode } from './errors.ts'
import { createInOrder } from './in-order.ts'
import { MOST_EVENTS } from './limits.ts'
import { createNews, type Heard } from './news.ts'
import { type Offers, placeOf, type SlackOffer } from './offers.ts'
import type { People } from './people.ts'

interface Parts {
  readonly client: webApi.WebClient
  readonly call: Call
  readonly people: People
  readonly channels: Channels
  readonly offers: Offers
  readonly emoji: Emoji
  readonly signs: Reactions
  readonly ownId: () => string
  readonly receive: (incoming: Incoming) => Promise<void>
  readonly whisper: (to: Actor, channel: string, card: Card) => Promise<void>
  readonly log: SlackLog
  readonly stopped: AbortSignal
}

/** A message that shows no plan yet. */
type Blank = Pick<SlackOffer, 'id' | 'at' | 'change'>

/** Reactions become votes: each once, in order per message, whether they come as events or are found on the message. */
export function createReactions(parts: Parts) {
  const { people, channels, offers, emoji, signs, ownId, receive, whisper, log, stopped } = parts
  const inOrder = createInOrder()
  const news = createNews(MOST_EVENTS)

  const pass = async (on: MessageRef, { user, yes, given }: Step, unseen = false): Promise<void> =>
    receive({ kind: 'reaction', yes, given, by: await people.by(user), on, unseen })

  const take = async (offer: SlackOffer, step: Step): Promise<SlackOffer> => {
    if (offer.given.includes(asText(step)) === step.given) return offer
    if (!offer.whole && step.yes && step.given) {
      if (offer.shown) await whisper(await people.by(step.user), offer.at.channel, tooLongCard(offer.change, signs))
    } else if (turns(offer.given, step, emoji)) await pass(offer.at, step)
    const next = { ...offer, version: offer.version + 1, given: after(offer.given, step) }
    await offers.put(next)
    return next
  }

  const reconcile = async (id: string): Promise<void> => {
    let offer = await offers.get(id)
    if (!offer) return
    const now = await standing(id, parts)
    if (!now) return offers.remove(id)
    for (const step of stepsBetween(offer.given, now, emoji)) offer = await take(offer, step)
  }

  /** Takes in what stands there. Where the reactions may not be read, none is ever passed on. */
  const noteStanding = (id: string): Promise<void> =>
    reconcile(id).catch((error) => {
      if (slackCode(error) !== 'missing_scope') throw error
    })

  const catchUp = async (id: string, tries = 0): Promise<void> => {
    try {
      await inOrder(id, () => reconcile(id))
    } catch (error) {
      if (stopped.aborted) return
      log.warn(
        { message: id, tries, because: wordsOf(error), hint: hintOf(error) },
        'the reactions on a card could not be read',
      )
      await sleep(Math.min(60_000, 1000 * 2 ** tries), undefined, { signal: stopped, ref: false }).catch(
        () => undefined,
      )
      if (!stopped.aborted) await catchUp(id, tries + 1)
    }
  }

  /** An event that comes once more may be about what is over: then what stands on the message is what counts. */
  const event = async ({ id, again, ...one }: Heard, yes: boolean): Promise<void> => {
    const offer = await offers.get(id)
    if (offer) return again ? reconcile(id) : void (await take(offer, { ...one, yes }))
    if (again && (await standing(id, parts))?.includes(asText(one)) !== one.given) return
    const { channel: found, ts } = placeOf(id)
    for (const channel of channels.spellings(found))
      await pass({ adapter: 'slack', channel, message: ts, thread: null }, { ...one, yes }, true)
  }

  return {
    /** Over once the core has heard of it. */
    async hear(heard: Heard): Promise<void> {
      const yes = meaning(heard.emoji, emoji)
      if (yes === undefined || heard.user === ownId() || !news.fresh(heard)) return
      await inOrder(heard.id, () => event(heard, yes)).catch((error) => {
        log.warn({ message: heard.id, because: wordsOf(error) }, 'a reaction could not be taken in')
        return catchUp(heard.id, 1)
      })
    },
    /**
     * The message comes to show a plan by this edit, which says whether it is all of it. No reaction is dealt with meanwhile,
     * and whoever says yes before it begins has not approved the plan, also where it fails. Ends with those who are to be told so.
     */
    reveal: (blank: Blank, edit: () => Promise<boolean>): Promise<readonly string[]> =>
      inOrder(blank.id, async () => {
        if (!(await offers.get(blank.id)))
          await offers.put({ ...blank, version: 1, shown: false, whole: false, given: [] })
        await noteStanding(blank.id)
        const from = Date.now()
        const whole = await edit()
        if (Date.now() - from > SLOW_EDIT_MS) await noteStanding(blank.id)
        const offer = await offers.get(blank.id)
        if (offer) await offers.put({ ...offer, version: offer.version + 1, shown: true, whole })
        return offer?.given ?? []
      }),
    /** Tells those who said yes before the plan was there that it does not count. */
    async turnDown(channel: string, given: readonly string[]): Promise<void> {
      const yes = given.map(asGiven).filter((one) => meaning(one.emoji, emoji))
      for (const user of new Set(yes.map((one) => one.user))) {
        const by = await people.by(user)
        if (!by.bot) await whisper(by, channel, tooEarlyCard())
      }
    },
    /** Reads what stands on the message if it is an offer, and passes on what was missed; tries until it can. */
    catchUp: (id: string): Promise<void> => catchUp(id),
    /** The same, once: rejects where it cannot be read. */
    hearOut: (id: string): Promise<void> => inOrder(id, () => noteStanding(id)),
    /** The message came to show all of the plan, or does not any more. */
    mark: (id: string, whole: boolean): Promise<void> =>
      inOrder(id, async () => {
        const offer = await offers.get(id)
        if (offer && offer.whole !== whole) await offers.put({ ...offer, version: offer.version + 1, whole })
      }),
    /** The message does not ask any more; what was heard before is dealt with first. */
    close: (id: string): Promise<void> => inOrder(id, () => offers.remove(id)),
  }
}

/** What stands on the message now, as far as it means something and is not the bot's own; nothing when it is gone. */
async function standing(id: string, { client, call, emoji, ownId }: Parts): Promise<string[] | undefined> {
  const { channel, ts } = placeOf(id)
  try {
    const found = await call(`reading the reactions in ${channel}`, () =>
      client.reactions.get({ channel, timestamp: ts, full: true }),
    )
    return (found.message?.reactions ?? []).flatMap(({ name = '', users = [] }) =>
      meaning(name, emoji) === undefined
        ? []
        : users.filter((user) => user !== ownId()).map((user) => asText({ user, emoji: name })),
    )
  } catch (error) {
    if (slackCode(error) === 'message_not_found') return undefined
    throw error
  }
}
