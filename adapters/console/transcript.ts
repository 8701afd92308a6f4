import { blockText, cardText } from '../../src/cards/text.ts'
import { changedPart } from './changed-part.ts'
import { SIGNS } from './signs.ts'
import type { CardEvent, FileEvent, RoomEvent } from './view.ts'

/** One event as plain text, for a log, a pipe or a screen reader. */
export const transcript = (event: RoomEvent): string => (event.event === 'file' ? fileLine(event) : cardLines(event))

const fileLine = ({ at, channel, message, thread, file }: FileEvent): string =>
  `${at.slice(11, 19)} #${channel} ${message} in the thread of ${thread} ${SIGNS.info} file ${file.path}\n`

function cardLines({ at, event, message, channel, thread, card, before, to }: CardEvent): string {
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
