import { foundCard } from '../cards/incident-card.ts'
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

/** Tells the incident channels of a blocker, once per node and cause while it lasts; the change that follows takes the message over. */
export function createFoundBlockers({ incidentChannels, adapterOf, lanes }: Parts) {
  const told = new Map<string, { about: string; at: MessageRef | undefined }>()
  const laneOf = ({ adapter, channel }: ChannelRef, node: string) => `found ${node} ${adapter}/${channel}`

  return {
    tell(diagnosis: Diagnosed): void {
      const { node, target, verdict, results } = diagnosis.report
      const blocked = results.some((one) => one.status === 'found' && one.severity === 'blocker')
      const about = `${verdict.cause} ${target ? targetText(target) : ''}`
      for (const where of incidentChannels) {
        const lane = laneOf(where, node)
        if (!blocked) told.delete(lane)
        if (!blocked || told.get(lane)?.about === about) continue
        const entry: { about: string; at: MessageRef | undefined } = { about, at: undefined }
        told.set(lane, entry)
        void lanes.converge(lane, async () => {
          if (told.get(lane) === entry)
            entry.at = await adapterOf(where.adapter).post(where.channel, foundCard(diagnosis))
        })
      }
    },
    /** The message about this node's blocker, which is then the change's. */
    async take(where: ChannelRef, node: string): Promise<MessageRef | undefined> {
      const lane = laneOf(where, node)
      await lanes.once(lane, async () => undefined)
      const at = told.get(lane)?.at
      told.delete(lane)
      return at
    },
  }
}
