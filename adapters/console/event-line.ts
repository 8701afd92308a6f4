import { cardText } from '../../src/cards/text.ts'
import type { RoomEvent } from './view.ts'

/** One event as one line of JSON, for programs (DESIGN "Driving it from outside"). */
export function eventLine({ at, event, message, channel, thread, card, to }: RoomEvent): string {
  const { title, tone, change, asks } = card
  const shown = {
    title,
    tone,
    text: cardText(card),
    ...(change && { change: change.id, state: change.state, digest: change.digest }),
    ...(asks && { asks }),
  }
  return `${JSON.stringify({ at, event, message, channel, thread, ...(to !== undefined && { to }), card: shown })}\n`
}
