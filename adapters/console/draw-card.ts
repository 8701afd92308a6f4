import type pc from 'picocolors'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'
import type { Block, Card, Tone } from '../../src/cards/card.ts'
import { SIGNS } from './signs.ts'

export type Paint = ReturnType<typeof pc.createColors>
const NARROW = 48
export const WIDEST = 110

/** How a card is drawn: columns of the terminal, and colours (all off under NO_COLOR). */
export interface Canvas {
  readonly columns: number
  readonly paint: Paint
}

export const toneColour = (paint: Paint, tone: Tone): ((text: string) => string) =>
  ({ ok: paint.green, info: paint.cyan, warn: paint.yellow, danger: paint.red })[tone]

/** A card in a frame of its tone's colour; a bar on the left where the terminal is too narrow for a frame. */
export function drawCard(card: Card, about: string, canvas: Canvas): string {
  const { paint, columns } = canvas
  const colour = toneColour(paint, card.tone)
  const width = Math.min(columns, WIDEST)
  const inner = width - 4
  const title = wrap(paint.bold(colour(`${SIGNS[card.tone]} ${card.title}`)), inner)
  const body = drawBlocks(card.blocks, inner, paint)
  const text = body ? `${title}\n\n${body}` : title
  if (columns < NARROW) return `${paint.dim(about)}\n${barred(text, colour)}`
  return framed(text, about, width, colour)
}

function framed(text: string, about: string, width: number, colour: (text: string) => string): string {
  const label = about.length <= width - 6 ? about : ''
  const top = `${colour('╭─')}${label}${colour(`${'─'.repeat(width - 3 - stringWidth(label))}╮`)}`
  const rows = text.split('\n').map((line) => {
    const gap = ' '.repeat(Math.max(0, width - 4 - stringWidth(line)))
    return `${colour('│')} ${line}${gap} ${colour('│')}`
  })
  return [top, ...rows, colour(`╰${'─'.repeat(width - 2)}╯`)].join('\n')
}

/** Lines behind a bar. */
export const barred = (text: string, colour: (text: string) => string): string =>
  text.replaceAll(/^/gm, `${colour('│')} `).replaceAll(/ +$/gm, '')

/** The blocks of a card, wrapped to the width; nothing is left out. */
export function drawBlocks(blocks: readonly Block[], width: number, paint: Paint): string {
  return blocks
    .map((block, index) => `${index > 0 && gap(blocks[index - 1], block) ? '\n' : ''}${drawBlock(block, width, paint)}`)
    .join('\n')
}

const gap = (before: Block | undefined, { type }: Block): boolean =>
  before?.type !== 'heading' && !(before?.type === 'text' && (type === 'list' || type === 'diff' || type === 'code'))

function drawBlock(block: Block, width: number, paint: Paint): string {
  switch (block.type) {
    case 'text':
      return wrap(block.text, width)
    case 'heading':
      return wrap(paint.bold(block.text), width)
    case 'fields':
      return block.fields.map(([label, value]) => drawField(label, value, block.fields, width, paint)).join('\n')
    case 'list':
      return block.items.map((item) => hang(item, '· ', width)).join('\n')
    case 'code':
      return hang(block.text, '  ', width, false)
    case 'diff':
      return block.lines.map((line) => hang(diffColour(line, paint), '  ', width, false)).join('\n')
    default:
      return block satisfies never
  }
}

function drawField(
  label: string,
  value: string,
  fields: readonly (readonly [string, string])[],
  width: number,
  paint: Paint,
) {
  const column = Math.max(...fields.map(([name]) => stringWidth(name))) + 2
  if (column > width / 2) return `${wrap(paint.dim(label), width)}\n${hang(value, '  ', width)}`
  const [first = '', ...rest] = wrap(value, width - column).split('\n')
  const pad = ' '.repeat(column)
  return [
    `${paint.dim(label)}${' '.repeat(column - stringWidth(label))}${first}`,
    ...rest.map((line) => pad + line),
  ].join('\n')
}

const diffColour = (line: string, paint: Paint): string =>
  line.startsWith('+') ? paint.green(line) : line.startsWith('-') ? paint.red(line) : paint.dim(line)

/** Wrapped at words, at letters where a word is too long. */
export const wrap = (text: string, width: number, trim = true): string =>
  wrapAnsi(text, Math.max(8, width), { hard: true, trim })

/** Wrapped, with further lines standing under the first. */
function hang(text: string, sign: string, width: number, trim = true): string {
  const [first = '', ...rest] = wrap(text, width - sign.length, trim).split('\n')
  return [sign + first, ...rest.map((line) => ' '.repeat(sign.length) + line)].join('\n')
}
