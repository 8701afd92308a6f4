import type { Card } from '../../src/cards/card.ts'
import type { Actor, MessageRef } from '../../src/changes/change.ts'
import type { Incoming } from '../../src/chat/adapter.ts'
import type { RecordStore } from '../../src/chat/card-record.ts'
import { createLanes } from '../../src/chat/lanes.ts'
import { hintOf, OperatorError, wordsOf } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import { SLOW_EDIT_MS } from '../slow-edit.ts'
import { ballotOf, type Emoji, offerBoth } from './ballot.ts'
import type { Connection } from './connection.ts'
import { CODES, codeOf, discordError } from './errors.ts'
import type { Offer } from './offer.ts'
import { actorOf } from './people.ts'

export interface ReactionParts {
  readonly connection: Connection
  readonly offers: RecordStore<Offer>
  readonly emoji: Emoji
  readonly log: Pick<Log, 'warn'>
  readonly receive: (incoming: Incoming) => Promise<void>
  /** This person's reaction cannot count, because of the message it is on. */
  readonly turnDown: (by: Actor, offer: Offer, because: 'too long' | 'too early') => Promise<void>
  /** The reactions could not be put there: people must be told how else to approve. */
  readonly noOffer: (offer: Offer, error: unknown) => Promise<void>
}

const STOP_MS = 2000
const MAY_NOT: readonly number[] = [CODES.missingAccess, CODES.missingPermissions]

/**
 * Reactions on cards, each passed on once: as they come, and by comparison with what Discord knows (`catchUp`), so that what
 * was given or taken back unseen counts as well. One message is dealt with by one at a time.
 */
export function createReactions(parts: ReactionParts) {
  const { connection, offers, emoji, log, receive, turnDown, noOffer } = parts
  const offered = new Set<string>()
  const lanes = createLanes((message, error, tries) =>
    log.warn(
      { message, tries, because: wordsOf(error), hint: hintOf(error) },
      'Discord: reactions could not be read back',
    ),
  )
  let stopped = false

  const ballot = async (channel: string, message: string): Promise<Offer['heard']> => {
    try {
      const given = await ballotOf(connection, channel, message, emoji)
      return given.map(({ user, yes }) => ({ by: actorOf(user), yes }))
    } catch (error) {
      const takes = connection.lacks(channel, ['ViewChannel', 'ReadMessageHistory'])
      throw discordError(error, { what: `reading the reactions in channel ${channel}`, takes })
    }
  }

  const take = async (offer: Offer, by: Actor, yes: boolean, given: boolean): Promise<Offer> => {
    const same = (one: Offer['heard'][number]) => one.by.id === by.id && one.yes === yes
    if (stopped || offer.heard.some(same) === given) return offer
    if (offer.whole || !yes || !given) await receive({ kind: 'reaction', yes, given, by, on: refOf(offer) })
    else if (offer.shown && !by.bot) await turnDown(by, offer, 'too long')
    const others = offer.heard.filter((one) => !same(one))
    const heard = given ? [...others, { by, yes }] : others
    return keep({ ...offer, heard })
  }

  const keep = async (offer: Offer): Promise<Offer> => {
    const next = { ...offer, version: offer.version + 1 }
    await offers.put(next)
    return next
  }

  const compare = async (id: string): Promise<void> => {
    let offer = await offers.get(id)
    if (!offer || stopped) return
    try {
      const now = await ballot(offer.channel, id)
      const gone = offer.heard.filter((had) => !now.some(({ by, yes }) => by.id === had.by.id && yes === had.yes))
      for (const { by, yes } of gone) offer = await take(offer, by, yes, false)
      for (const { by, yes } of now) offer = await take(offer, by, yes, true)
    } catch (error) {
      const code = codeOf(error)
      if (code !== CODES.unknownMessage && code !== CODES.unknownChannel) throw error
      await offers.remove(id)
    }
  }

  /** Failing to offer the reactions is told; people may still add them by themselves. */
  const seed = async (offer: Offer): Promise<void> => {
    if (offered.has(offer.id) || !offer.whole) return
    offered.add(offer.id)
    await offerBoth(connection, offer.channel, offer.id, emoji).catch((error: unknown) => noOffer(offer, error))
  }

  /** Kept before the edit that shows a plan: whoever says yes before it begins has not approved the plan, also where it fails. */
  const expect = async (at: MessageRef, { asks, change }: Card): Promise<void> => {
    if (!asks || !change) return
    const { message: id, channel } = at
    const offer = await offers.get(id)
    if (offer?.shown) return
    if (!offer) await offers.put({ id, version: 0, channel, change: change.id, shown: false, whole: false, heard: [] })
    await noteStanding(id)
  }

  /** Takes in what stands there. Where the reactions may not be read, those that stand already are never passed on. */
  const noteStanding = async (id: string): Promise<void> => {
    await compare(id).catch((error: unknown) => {
      if (!MAY_NOT.includes(codeOf(error) ?? 0)) throw error
    })
    if (stopped) throw new OperatorError('connection-lost', 'the bot stops')
  }

  const settle = async (at: MessageRef, { asks, change }: Card, whole: boolean): Promise<void> => {
    const before = await offers.get(at.message)
    const counts = asks !== undefined || (before !== undefined && change?.state === 'approved')
    if (!change || !counts) return before && offers.remove(at.message)
    const fresh = { id: at.message, version: 0, channel: at.channel, change: change.id, shown: true, whole, heard: [] }
    const offer = await keep(before ? { ...before, ...(asks && { shown: true, whole }) } : fresh)
    void lanes.converge(at.message, async () => {
      if (asks) await seed(offer)
      await compare(at.message)
    })
    if (!asks || !before || before.shown) return
    for (const { by, yes } of before.heard)
      if (yes && !by.bot) void turnDown(by, offer, 'too early').catch(() => undefined)
  }

  return {
    /** As it comes from the gateway, perhaps twice. In this order, however long it takes to look up who it was. */
    heard: (on: MessageRef, who: Promise<Actor>, yes: boolean, given: boolean): Promise<void> =>
      lanes.once(on.message, async () => {
        const by = await who
        const offer = await offers.get(on.message)
        if (offer) await take(offer, by, yes, given)
        else if (!stopped) await receive({ kind: 'reaction', yes, given, by, on, unseen: true })
      }),
    /** A message was posted with this card: offers the reactions if it asks for them. */
    posted(at: MessageRef, card: Card, whole: boolean): Promise<void> {
      return card.asks ? lanes.once(at.message, () => settle(at, card, whole)) : Promise.resolve()
    },
    /** Edits a message to show this card; no reaction on it is dealt with meanwhile. */
    edited: (at: MessageRef, card: Card, whole: boolean, edit: () => Promise<void>): Promise<void> =>
      lanes.once(at.message, async () => {
        await expect(at, card)
        const from = Date.now()
        await edit()
        const offer = await offers.get(at.message)
        if (card.asks && offer?.shown === false && Date.now() - from > SLOW_EDIT_MS) await noteStanding(at.message)
        await settle(at, card, whole)
      }),
    /** Over once what stands on the message is passed on; rejects where it cannot be read. */
    hearOut: ({ message }: MessageRef): Promise<void> => lanes.once(message, () => noteStanding(message)),
    /** Reads back the reactions on this message, or on every one that is waiting for them. */
    async catchUp(message?: string): Promise<void> {
      const waiting = message === undefined ? (await offers.list()).map(({ id }) => id) : [message]
      for (const id of waiting) void lanes.converge(id, () => compare(id))
    },
    async stop(): Promise<void> {
      stopped = true
      await lanes.stop(STOP_MS)
    },
  }
}

const refOf = ({ channel, id }: Offer): MessageRef => ({ adapter: 'discord', channel, message: id, thread: null })
