import type { Block, Card } from '../../src/cards/card.ts'
import { clean } from '../clean.ts'

/** Stands where Slack could read a mention: without a width, and without a meaning. */
const INVISIBLE = '\u2060'

/**
 * Text for rich text, where Slack reads no markup at all. Control characters are shown as their codes; what looks like a
 * mention is broken all the same, in case a client looks closer than the documentation says. Not to be done twice.
 */
export const inert = (text: string): string =>
  clean(text.toWellFormed())
    .replaceAll(/<(?=[!@#])/g, `<${INVISIBLE}`)
    .replaceAll(/@(?=(?:here|channel|everyone)\b)/gi, `@${INVISIBLE}`)

const oneLine = (text: string): string => inert(text).replaceAll(/\s+/g, ' ').trim()

/** A card whose every word is harmless. */
export const inertCard = (card: Card): Card => ({
  ...card,
  title: oneLine(card.title) || '–',
  blocks: card.blocks.map(inertBlock),
})

function inertBlock(block: Block): Block {
  switch (block.type) {
    case 'text':
    case 'heading':
    case 'code':
      return { ...block, text: inert(block.text) }
    case 'fields':
      return { ...block, fields: block.fields.map(([label, value]) => [oneLine(label) || '–', inert(value) || '–']) }
    case 'list':
      return { ...block, items: block.items.map((item) => inert(item) || ' ') }
    case 'diff':
      return { ...block, lines: block.lines.map(oneLineKept) }
    default:
      return block satisfies never
  }
}

/** A line of a diff keeps its spaces. */
const oneLineKept = (line: string): string => inert(line).replaceAll('\n', ' ')
