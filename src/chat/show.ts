import { changeCard, planCard } from '../cards/change-card.ts'
import { incidentCard } from '../cards/incident-card.ts'
import { stepCard } from '../cards/small-cards.ts'
import { changeTone } from '../cards/words.ts'
import type { Change } from '../changes/change.ts'
import type { Policy } from '../changes/policy.ts'
import type { ChatAdapter } from './adapter.ts'
import type { CardRecord, Place } from './card-record.ts'
import type { CardsKept } from './cards-kept.ts'

/** The card of a change as this place shows it. */
export const cardAt = (place: Pick<Place, 'kind'>, change: Change, record: CardRecord | undefined, policy: Policy) =>
  place.kind === 'incident'
    ? incidentCard(change, policy)
    : changeCard(record?.findings ?? planCard(change.plan), change, policy)

/**
 * Brings one place up to date: the card edited in place, then every step it was not told yet, in order. May be repeated;
 * what the platform acknowledged is remembered. A card that cannot be edited does not hold the steps back.
 */
export async function bringUpToDate(place: Place, { change, record, adapter, kept, policy }: Showing): Promise<void> {
  let trouble: unknown
  if (place.shown < change.version) {
    try {
      await adapter.edit(place.at, cardAt(place, change, record, policy))
      await kept.mark(change.id, place.at, { shown: change.version })
    } catch (error) {
      trouble = error
    }
  }
  for (const [index, step] of change.log.entries()) {
    if (index < place.told) continue
    const last = index === change.log.length - 1
    await adapter.post(place.at.channel, stepCard(change, step, last ? changeTone(change) : 'info'), {
      thread: place.at,
    })
    await kept.mark(change.id, place.at, { told: index + 1 })
  }
  if (trouble) throw trouble
}

export interface Showing {
  readonly change: Change
  readonly record: CardRecord
  readonly adapter: ChatAdapter
  readonly kept: CardsKept
  readonly policy: Policy
}
