import { blockText, cardText } from '../../src/cards/text.ts'
import { changedPart } from './changed-part.ts'
import { SIGNS } from './signs.ts'
import type { RoomEvent } from './view.ts'

/** One event as plain text, for a log, a pipe or a screen reader. */
export function transcript({ at, event, message, channel, thread, card, before, to }: RoomEvent): string {
  const changed = event === 'edit' ? changedPart(before, card) : null
  const head = [
    at.slice(11, 19),
    `#${channel}`,
    event === 'whisper' ? `(only for ${to})` : `${message}${thread ? ` in the thread of ${thread}` : ''}`,
    ...(changed ? ['now:'] : []),
    SIGNS[card.tone],
    card.title,
  ].join(' ')
  const body = changed ? changed.map(blockText).join('\n') : cardText(card)
  return `${head}\n${body ? `${body.replaceAll(/^(?=.)/gm, '  ')}\n\n` : ''}`
}
