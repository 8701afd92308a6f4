import { changeCard, planCard } from '../cards/change-card.ts'
import { incidentCard } from '../cards/incident-card.ts'
import { REACTIONS, type Reactions } from '../cards/reactions.ts'
import { stepCard } from '../cards/small-cards.ts'
import { changeTone } from '../cards/words.ts'
import type { Change } from '../changes/change.ts'
import type { Policy } from '../changes/policy.ts'
import { OperatorError } from '../errors.ts'
import type { ChatAdapter } from './adapter.ts'
import type { CardRecord, Place } from './card-record.ts'
import type { CardsKept } from './cards-kept.ts'

/** The card of a change as this place shows it. */
export const cardAt = (
  place: Pick<Place, 'kind'>,
  change: Change,
  record: CardRecord | undefined,
  policy: Policy,
  reactions: Reactions = REACTIONS,
) =>
  place.kind === 'incident'
    ? incidentCard(change, policy)
    : changeCard(record?.findings ?? planCard(change.plan), change, policy, reactions)

/**
 * Brings one place up to date: the card edited in place, then every step it was not told yet, in order. May be repeated;
 * what the platform acknowledged is remembered. A card that cannot be edited does not hold the steps back; one that is not
 * there any more is told to `gone`, and is no reason to try again.
 */
export async function bringUpToDate(place: Place, showing: Showing): Promise<void> {
  const { change, record, adapter, kept, policy, reactions, gone } = showing
  let trouble: unknown
  if (place.shown < change.version) {
    try {
      await adapter.edit(place.at, cardAt(place, change, record, policy, reactions))
      await kept.mark(change.id, place.at, { shown: change.version })
    } catch (error) {
      if (error instanceof OperatorError && error.code === 'not-found') gone(error)
      else trouble = error
    }
  }
  for (const [index, step] of change.log.entries()) {
    if (index < place.told) continue
    const last = index === change.log.length - 1
    const calls = last ? calledBy(place, change, policy) : []
    await adapter.post(place.at.channel, stepCard(change, step, last ? changeTone(change) : 'info', calls), {
      thread: place.at,
    })
    await kept.mark(change.id, place.at, { told: index + 1 })
  }
  if (trouble) throw trouble
}

/** Whom a change needs: somebody who decides while it waits for approval, and whoever can reach the node's console when it is stuck. */
export function calledBy(place: Pick<Place, 'kind'>, change: Change, policy: Policy): readonly string[] {
  const stuck = change.state === 'closed' && change.outcome === 'stuck'
  if (place.kind === 'incident') return stuck || change.state === 'proposed' ? policy.calls : []
  return stuck ? [change.requestedBy.id] : []
}

export interface Showing {
  readonly change: Change
  readonly record: CardRecord
  readonly adapter: ChatAdapter
  readonly kept: CardsKept
  readonly policy: Policy
  readonly reactions?: Reactions | undefined
  readonly gone: (error: OperatorError) => void
}
