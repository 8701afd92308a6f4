import { z } from 'zod'
import { Actor } from '../../src/changes/change.ts'
import type { RecordStore } from '../../src/chat/card-record.ts'

/** A person's reaction that has been passed on. */
const Heard = z.object({ by: Actor, yes: z.boolean() })

/**
 * A message whose reactions decide a change, by its id, with the reactions that were passed on already: what differs at the
 * next look was given or taken back meanwhile. `shown` = the message has come to show the plan; `whole` = all of it. Else
 * reactions approve nothing.
 */
export const Offer = z.object({
  id: z.string(),
  version: z.number().int(),
  channel: z.string(),
  change: z.string(),
  shown: z.boolean().default(true),
  whole: z.boolean(),
  heard: z.array(Heard),
})
export type Offer = z.infer<typeof Offer>

/** Offers that are forgotten at the end of the process. */
export function rememberedOffers(): RecordStore<Offer> {
  const offers = new Map<string, Offer>()
  return {
    get: async (id) => offers.get(id),
    put: async (offer) => void offers.set(offer.id, offer),
    list: async () => [...offers.values()],
    remove: async (id) => void offers.delete(id),
  }
}
