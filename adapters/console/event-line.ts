import { cardText } from '../../src/cards/text.ts'
import type { CardEvent, FileEvent, RoomEvent } from './view.ts'

/** One event as one line of JSON, for programs (DESIGN "Driving it from outside"). */
export const eventLine = (event: RoomEvent): string =>
  `${JSON.stringify(event.event === 'file' ? withCard(event) : shownCard(event))}\n`

/** Every event has a card, so that a reader needs no exception for files. */
const withCard = (event: FileEvent): object => ({
  ...event,
  card: { title: event.file.name, tone: 'info', text: event.file.path },
})

function shownCard({ at, event, message, channel, thread, card, to }: CardEvent): object {
  const { title, tone, change, asks } = card
  const shown = {
    title,
    tone,
    text: cardText(card),
    ...(change && { change: change.id, state: change.state, digest: change.digest }),
    ...(asks && { asks }),
  }
  return { at, event, message, channel, thread, ...(to !== undefined && { to }), card: shown }
}
