import type { Block, Card } from '../src/cards/card.ts'

// Everything that could drive a terminal or make text read other than it is: control characters, marks of direction, line
// separators and characters without a width. The line feed stays.
const UNSAFE = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu

/** Text of a node made harmless: what is not to be printed stands there as its code. */
export const clean = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', '    ')
    .replace(UNSAFE, (char) => {
      const code = char.codePointAt(0) ?? 0
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : `\\u${code.toString(16).padStart(4, '0')}`
    })

const oneLine = (text: string): string => clean(text).replaceAll('\n', ' ')

/** A card whose every word is harmless. */
export const cleanCard = (card: Card): Card => ({
  ...card,
  title: oneLine(card.title),
  blocks: card.blocks.map(cleanBlock),
})

function cleanBlock(block: Block): Block {
  switch (block.type) {
    case 'text':
    case 'heading':
    case 'code':
      return { ...block, text: clean(block.text) }
    case 'fields':
      return { ...block, fields: block.fields.map(([label, value]) => [oneLine(label), clean(value)]) }
    case 'list':
      return { ...block, items: block.items.map(clean) }
    case 'diff':
      return { ...block, lines: block.lines.map(oneLine) }
    default:
      return block satisfies never
  }
}
