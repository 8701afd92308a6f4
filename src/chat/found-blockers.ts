import { foundCard, isBlocked, movedIn } from '../cards/incident-card.ts'
import type { Diagnosed } from '../cards/report-card.ts'
import type { MessageRef } from '../changes/change.ts'
import { targetText } from '../diagnosis/target.ts'
import type { ChatAdapter } from './adapter.ts'
import type { Lanes } from './lanes.ts'
import type { ChannelRef } from './notifier.ts'

interface Parts {
  readonly incidentChannels: readonly ChannelRef[]
  readonly adapterOf: (name: string) => ChatAdapter
  readonly lanes: Lanes
}

/**
 * Tells the incident channels of a blocker, once per node, cause and target while it lasts; the change that follows takes the
 * message over. What the bot noticed by itself is told with the reason why it looked, and so is what moved.
 */
export function createFoundBlockers({ incidentChannels, adapterOf, lanes }: Parts) {
  /** By lane: what was told about which target, the newest last. */
  const told = new Map<string, Map<string, { about: string; at: MessageRef | undefined }>>()
  const laneOf = ({ adapter, channel }: ChannelRef, node: string) => `found ${node} ${adapter}/${channel}`

  return {
    tell(diagnosis: Diagnosed, noticed?: string): void {
      const { node, target, verdict } = diagnosis.report
      const of = target ? targetText(target) : ''
      const worth = isBlocked(diagnosis.report) || (noticed !== undefined && movedIn(diagnosis.report) !== undefined)
      for (const where of incidentChannels) {
        const lane = laneOf(where, node)
        const here = told.get(lane) ?? new Map<string, { about: string; at: MessageRef | undefined }>()
        if (!worth) {
          // A whole node without a blocker has none for any guest.
          if (of === '') told.delete(lane)
          else here.delete(of)
          continue
        }
        const about = verdict.cause ?? ''
        if (here.get(of)?.about === about) continue
        const entry: { about: string; at: MessageRef | undefined } = { about, at: undefined }
        here.delete(of)
        told.set(lane, here.set(of, entry))
        void lanes.converge(`${lane} ${of}`, async () => {
          if (here.get(of) === entry)
            entry.at = await adapterOf(where.adapter).post(where.channel, foundCard(diagnosis, noticed))
        })
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
