import type { Card } from '../cards/card.ts'
import type { Reactions } from '../cards/reactions.ts'
import type { Diagnosed } from '../cards/report-card.ts'
import { rescueCard } from '../cards/rescue-card.ts'
import { type Change, isLive, type MessageRef } from '../changes/change.ts'
import type { Policy } from '../changes/policy.ts'
import type { Tell } from '../changes/ports.ts'
import { hintOf, OperatorError, type Refusal, wordsOf } from '../errors.ts'
import type { ChatAdapter } from './adapter.ts'
import type { CardRecord, Place, RecordStore } from './card-record.ts'
import { createCardsKept, sameMessage } from './cards-kept.ts'
import { createFoundBlockers } from './found-blockers.ts'
import { createHearOut } from './hear-out.ts'
import { createLanes, type Later, later } from './lanes.ts'
import { bringUpToDate, calledBy, cardAt } from './show.ts'

/** A channel that hears of every incident, on any platform. */
export interface ChannelRef {
  readonly adapter: string
  readonly channel: string
}

export interface NotifierParts {
  readonly adapters: readonly ChatAdapter[]
  readonly cards: RecordStore<CardRecord>
  readonly incidentChannels: readonly ChannelRef[]
  readonly policy: Policy
  readonly reactions?: Reactions
  readonly log: { warn(about: object, words: string): void }
  readonly wait?: Later
}

/** Tells people what happens. Never throws and never holds a change up, except `rescue` and `hearOut`, which a change waits for. */
export interface Notifier extends Tell {
  /** Something that the bot noticed by itself and looks into: told at once, and once; what it finds takes the message over. */
  noticed(node: string, target: string, noticed: string): void
  /** That could not be looked into. */
  unseen(node: string, target: string, noticed: string, why: Refusal): void
  /** A diagnosis; blockers are told to the incident channels, once. `noticed`: why the bot looked by itself; then what moved is told too. */
  found(diagnosis: Diagnosed, noticed?: string): void
  /** At start-up: brings the cards of these changes (live, or lately closed) up to date. */
  resume(changes: readonly Change[]): Promise<void>
  /** From now on this message is a card of the change; resolves when it shows it, or will be tried again. */
  shows(change: Change, message: MessageRef, findings?: Card): Promise<void>
  changeOn(message: MessageRef): Promise<{ readonly id: string; readonly kind: Place['kind'] } | undefined>
  /** Tries once more what could not be delivered, then gives up. */
  stop(): Promise<void>
}

const ROOM_FOR_THE_CARD_MS = 300
const STOP_MS = 5000
/** Closed changes that stay in memory. */
const MOST_CLOSED = 50
/** The first line of a log says what the first message says already. */
const PROPOSAL = 1

export function createNotifier(parts: NotifierParts): Notifier {
  const { adapters, incidentChannels, policy, reactions, log, wait = later } = parts
  const kept = createCardsKept(parts.cards)
  const newest = new Map<string, Change>()
  const lanes = createLanes(
    (lane, error, tries) =>
      log.warn({ lane, tries, because: wordsOf(error), hint: hintOf(error) }, 'a message could not be delivered'),
    wait,
  )
  const adapterOf = (name: string): ChatAdapter => {
    const adapter = adapters.find((one) => one.name === name)
    if (!adapter) throw new OperatorError('not-found', `no chat is called ${name}`)
    return adapter
  }
  const blockers = createFoundBlockers({ incidentChannels, adapterOf, lanes })

  const told = new Set<string>()
  /** Once per message: what follows of its change is told in its place. */
  const tellGone = (lane: string, error: OperatorError): void => {
    if (!told.has(lane)) log.warn({ lane, because: wordsOf(error), hint: error.hint }, 'a card is not there any more')
    told.add(lane)
  }

  const refresh = (id: string, at: MessageRef): Promise<void> =>
    lanes.converge(laneOf(id, at), async () => {
      const [change, record] = [newest.get(id), await kept.get(id)]
      const place = record?.places.find((one) => sameMessage(one.at, at))
      if (!change || !record || !place) return
      const gone = (error: OperatorError) => tellGone(laneOf(id, at), error)
      await bringUpToDate(place, { change, record, adapter: adapterOf(at.adapter), kept, policy, reactions, gone })
    })

  /** The first message about a change in an incident channel; the found blocker's message becomes it where there is one. */
  const open = ({ adapter, channel }: ChannelRef, id: string): Promise<void> =>
    lanes.converge(`${id} ${adapter}/${channel}`, async () => {
      const [change, record] = [newest.get(id), await kept.get(id)]
      const there = record?.places.some(
        (one) => one.kind === 'incident' && one.at.adapter === adapter && one.at.channel === channel,
      )
      if (!change || there) return
      const root = await blockers.take({ adapter, channel }, change.plan.node)
      const card = cardAt({ kind: 'incident' }, change, record, policy)
      const calls = calledBy({ kind: 'incident' }, change, policy)
      const at = root ?? (await adapterOf(adapter).post(channel, calls.length > 0 ? { ...card, calls } : card))
      await kept.add(id, {
        kind: 'incident',
        at,
        shown: root ? -1 : change.version,
        told: root ? 0 : PROPOSAL,
        rescued: false,
      })
      void refresh(id, at)
    })

  const postRescue = async (change: Change, at: MessageRef): Promise<void> => {
    const record = await kept.get(change.id)
    if (record?.places.find((one) => sameMessage(one.at, at))?.rescued) return
    await adapterOf(at.adapter).post(at.channel, rescueCard(change, policy), { thread: at })
    await kept.mark(change.id, at, { rescued: true })
  }

  const tellAll = async (id: string): Promise<void> => {
    const record = await kept.get(id)
    const change = newest.get(id)
    // The whole cards first: who works there hears it first, and the incidents hear the same.
    const places = (record?.places ?? []).toSorted((one, other) => one.kind.localeCompare(other.kind))
    const rooms = change && isLive(change) ? incidentChannels : []
    await Promise.all([...places.map(({ at }) => refresh(id, at)), ...rooms.map((where) => open(where, id))])
  }

  const tell = (id: string): void =>
    void tellAll(id).catch((error) => log.warn({ change: id, because: wordsOf(error) }, 'people could not be told'))

  const remember = (change: Change) => {
    if ((newest.get(change.id)?.version ?? -1) <= change.version) newest.set(change.id, change)
    // Closed ones are looked up no more once they are told; the newest of them may still be.
    const closed = [...newest.values()].filter((one) => !isLive(one))
    for (const { id } of closed.slice(0, -MOST_CLOSED)) newest.delete(id)
  }

  return {
    changed(change, previous) {
      remember(change)
      if (previous) tell(change.id)
      else wait(ROOM_FOR_THE_CARD_MS, () => tell(change.id))
    },
    async rescue(change) {
      remember(change)
      const telling = tellAll(change.id)
      // It is waited for only where nobody was told before.
      telling.catch(() => undefined)
      if (!(await kept.get(change.id))?.places.length) await telling
      const places = (await kept.get(change.id))?.places ?? []
      const posts = places.map(({ at, kind }) => {
        const job = () => postRescue(change, at)
        const first = lanes.once(laneOf(change.id, at), job)
        first.catch(() => lanes.converge(`rescue ${laneOf(change.id, at)}`, job))
        // The bot's own terminal, where nobody may be looking, is enough only where there is no other place.
        return { first, isRead: at.adapter !== 'console' || kind === 'card' }
      })
      const read = posts.filter(({ isRead }) => isRead)
      await Promise.any((read.length > 0 ? read : posts).map(({ first }) => first)).catch((error: AggregateError) => {
        const reasons = error.errors.map(wordsOf).join('; ')
        throw new OperatorError('act-failed', `no chat took the rescue text${reasons ? `: ${reasons}` : ''}`, {
          hint: 'the node is not rebooted before somebody can read it',
        })
      })
    },
    hearOut: createHearOut(adapters, kept, log),
    noticed: (node, target, noticed) => blockers.notice(node, target, noticed),
    unseen: (node, target, noticed, why) => blockers.unseen(node, target, noticed, why),
    found: (diagnosis, noticed) => blockers.tell(diagnosis, noticed),
    async resume(changes) {
      for (const change of changes) remember(change)
      await Promise.all(changes.map(({ id }) => tellAll(id)))
    },
    async shows(change, message, findings) {
      remember(change)
      await kept.add(
        change.id,
        { kind: 'card', at: message, shown: -1, told: change.log.length, rescued: false },
        findings,
      )
      await refresh(change.id, message)
      tell(change.id)
    },
    async changeOn(message) {
      const shown = await kept.changeOn(message)
      return shown && { id: shown.id, kind: shown.place.kind }
    },
    stop: () => lanes.stop(STOP_MS),
  }
}

const laneOf = (id: string, { adapter, channel, message }: MessageRef): string =>
  `${id} ${adapter}/${channel}/${message}`
