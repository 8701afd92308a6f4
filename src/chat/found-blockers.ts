import type { Card } from '../cards/card.ts'
import { foundCard, isBlocked, movedIn, noticedCard, unseenCard } from '../cards/incident-card.ts'
import type { Diagnosed } from '../cards/report-card.ts'
import type { MessageRef } from '../changes/change.ts'
import { targetText } from '../diagnosis/target.ts'
import type { Refusal } from '../errors.ts'
import type { ChatAdapter } from './adapter.ts'
import type { Lanes } from './lanes.ts'
import type { ChannelRef } from './notifier.ts'

interface Parts {
  readonly incidentChannels: readonly ChannelRef[]
  readonly adapterOf: (name: string) => ChatAdapter
  readonly lanes: Lanes
  readonly now?: () => number
}

interface Told {
  /** The cause that was told. */
  readonly about: string
  /** When, in milliseconds. */
  readonly since: number
  at: MessageRef | undefined
}

const NOTICED = 'noticed'
const NOTHING = 'nothing'
/** Milliseconds after which a guest that fails again is news again, where nothing of passthrough was the reason. */
const NEWS_AGAIN_MS = 3_600_000

/**
 * Tells the incident channels of a blocker, once per node, cause and target while it lasts; the change that follows takes the
 * message over. What the bot noticed by itself is told with the reason why it looked, and so is what moved.
 */
export function createFoundBlockers({ incidentChannels, adapterOf, lanes, now = Date.now }: Parts) {
  /** By lane: what was told about which target, the newest last. */
  const told = new Map<string, Map<string, Told>>()
  const laneOf = ({ adapter, channel }: ChannelRef, node: string) => `found ${node} ${adapter}/${channel}`

  /** What was told about it before is edited when it was only noticed then; anything else is a new message. */
  const say = (where: ChannelRef, node: string, of: string, about: string, card: Card): void => {
    const lane = laneOf(where, node)
    const here = told.get(lane) ?? new Map<string, Told>()
    const before = here.get(of)
    const last = before?.about === NOTHING && now() - before.since > NEWS_AGAIN_MS ? undefined : before
    if (last?.about === about || (about === NOTICED && last)) return
    const entry: Told = { about, since: now(), at: undefined }
    here.delete(of)
    told.set(lane, here.set(of, entry))
    void lanes.converge(`${lane} ${of}`, async () => {
      if (here.get(of) !== entry) return
      const adapter = adapterOf(where.adapter)
      const there = last?.about === NOTICED ? last.at : undefined
      if (there) await adapter.edit(there, card)
      entry.at = there ?? (await adapter.post(where.channel, card))
    })
  }

  return {
    notice(node: string, target: string, noticed: string): void {
      for (const where of incidentChannels) say(where, node, target, NOTICED, noticedCard(node, target, noticed))
    },
    /** What was noticed stays noticed, with the reason why nothing more is known. */
    unseen(node: string, target: string, noticed: string, why: Refusal): void {
      for (const where of incidentChannels) say(where, node, target, NOTHING, unseenCard(node, target, noticed, why))
    },
    tell(diagnosis: Diagnosed, noticed?: string): void {
      const { node, target, verdict } = diagnosis.report
      const of = target ? targetText(target) : ''
      const worth = isBlocked(diagnosis.report) || (noticed !== undefined && movedIn(diagnosis.report) !== undefined)
      for (const where of incidentChannels) {
        const here = told.get(laneOf(where, node))
        if (worth || (noticed !== undefined && here?.has(of)))
          say(where, node, of, worth ? (verdict.cause ?? 'moved') : NOTHING, foundCard(diagnosis, noticed))
        // A whole node without a blocker has none for any guest.
        else if (of === '') told.delete(laneOf(where, node))
        else here?.delete(of)
      }
    },
    /** The newest message about this node's blockers, which is then the change's. */
    async take(where: ChannelRef, node: string): Promise<MessageRef | undefined> {
      const lane = laneOf(where, node)
      const here = [...(told.get(lane) ?? [])]
      await Promise.all(here.map(([of]) => lanes.once(`${lane} ${of}`, async () => undefined)))
      told.delete(lane)
      return here.at(-1)?.[1].at
    },
  }
}
