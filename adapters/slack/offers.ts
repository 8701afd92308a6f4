import { z } from 'zod'
import { MessageRef } from '../../src/changes/change.ts'
import type { RecordStore } from '../../src/chat/card-record.ts'

/**
 * A message whose reactions decide a change, with the reactions that were passed on (`U123 white_check_mark`): what differs
 * at the next look was given or taken back meanwhile. `shown` = the message has come to show the plan; `whole` = all of it.
 * Else reactions approve nothing.
 */
export const SlackOffer = z.object({
  /** Channel id and timestamp. */
  id: z.string(),
  version: z.number().int(),
  at: MessageRef,
  change: z.string(),
  shown: z.boolean().default(true),
  whole: z.boolean(),
  given: z.array(z.string()),
})
export type SlackOffer = z.infer<typeof SlackOffer>
export type Offers = RecordStore<SlackOffer>

export const offerId = (channelId: string, ts: string): string => `${channelId}/${ts}`

export const placeOf = (id: string): { readonly channel: string; readonly ts: string } => {
  const [channel = '', ts = ''] = id.split('/')
  return { channel, ts }
}

/** Offers that are forgotten at the end of the process. */
export function rememberedOffers(): Offers {
  const offers = new Map<string, SlackOffer>()
  return {
    get: async (id) => offers.get(id),
    put: async (offer) => void offers.set(offer.id, offer),
    list: async () => [...offers.values()],
    remove: async (id) => void offers.delete(id),
  }
}
