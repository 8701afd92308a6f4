import { changedPart } from './changed-part.ts'
import { barred, type Canvas, drawBlocks, drawCard, toneColour, WIDEST, wrap } from './draw-card.ts'
import { SIGNS } from './signs.ts'
import type { CardEvent, FileEvent, RoomEvent } from './view.ts'

const MOST_SAID = 100

/**
 * What a person at the terminal sees of an event. Cards are framed once; an edit shows what changed. Other channels (the
 * incidents) are one line each, and nothing is said twice: a step that hangs on the card is not repeated for them.
 */
export function createDrawer(home: string): (event: RoomEvent, canvas: Canvas) => string {
  const said: string[] = []
  const isNew = (words: string): boolean => {
    if (said.includes(words)) return false
    said.push(words)
    if (said.length > MOST_SAID) said.shift()
    return true
  }
  return (event, canvas) => {
    const { channel, thread } = event
    if (event.event === 'file') return isNew(event.file.name) || channel === home ? drawFile(event, canvas) : ''
    const { card } = event
    const isNews = isNew(JSON.stringify([card.title, thread ? card.blocks : null]))
    if (channel !== home && event.event !== 'whisper') return isNews || card.calls ? drawAside(event, canvas) : ''
    if (event.event === 'whisper') return drawBarred(event, event.to ? 'only you see this' : '', canvas)
    if (thread && event.event === 'post') return drawStep(event, canvas)
    return event.event === 'edit' ? drawEdit(event, canvas) : drawCard(card, about(event), canvas)
  }
}

const about = ({ message, channel }: CardEvent): string => ` ${message} #${channel} `

/** The path stays in one piece: it is there to be copied. */
const drawFile = ({ at, channel, thread, file }: FileEvent, { paint }: Canvas): string =>
  `  ${paint.dim(`↳ #${channel} ${thread} ${at.slice(11, 19)}`)} ${SIGNS.info} file ${file.path}`

function drawEdit(event: CardEvent, canvas: Canvas): string {
  const { card, before, message } = event
  const { paint, columns } = canvas
  const changed = changedPart(before, card)
  if (changed === null) return drawCard(card, about(event), canvas)
  if (changed.length === 0 && before?.title === card.title) return ''
  const colour = toneColour(paint, card.tone)
  const head = `${colour(`${SIGNS[card.tone]} ${message} now:`)} ${card.title}`
  const body = drawBlocks(changed, Math.min(columns, WIDEST) - 4, paint)
  return body ? `${head}\n${barred(body, colour)}` : head
}

function drawStep(event: CardEvent, canvas: Canvas): string {
  const { at, thread, card } = event
  const { paint, columns } = canvas
  const colour = toneColour(paint, card.tone)
  const mark = `↳ ${thread} ${at.slice(11, 19)}`
  const [only, ...more] = card.blocks
  if (only?.type === 'text' && more.length === 0) {
    const [first = '', ...rest] = wrap(only.text, Math.min(columns, WIDEST) - mark.length - 5).split('\n')
    const pad = ' '.repeat(mark.length + 5)
    return [`  ${paint.dim(mark)} ${colour(SIGNS[card.tone])} ${first}`, ...rest.map((line) => pad + line)].join('\n')
  }
  const head = `  ${paint.dim(mark)} ${colour(`${SIGNS[card.tone]} ${card.title}`)}`
  return `${head}\n${barred(drawBlocks(card.blocks, Math.min(columns, WIDEST) - 4, paint), colour)}`
}

function drawAside({ event, channel, message, thread, card }: CardEvent, { paint, columns }: Canvas): string {
  const [only, ...more] = card.calls ? card.blocks.toReversed() : card.blocks
  const says = only?.type === 'text' && (card.calls || more.length === 0) ? ` – ${only.text}` : ''
  return wrap(
    paint.dim(
      `  #${channel} ${message}${thread ? ` ↳ ${thread}` : ''}${event === 'edit' ? ' now' : ''}: ${card.title}${says}`,
    ),
    columns,
  )
}

function drawBarred({ card }: CardEvent, note: string, { paint, columns }: Canvas): string {
  const colour = toneColour(paint, card.tone)
  const body = drawBlocks(card.blocks, Math.min(columns, WIDEST) - 4, paint)
  const head = `${paint.bold(`${SIGNS[card.tone]} ${card.title}`)}${note ? paint.dim(`  (${note})`) : ''}`
  return barred(body ? `${head}\n${body}` : head, colour)
}
