import type { Block } from '../../src/cards/card.ts'
import { LIMITS } from './limits.ts'
import { packed, pieces, sizeOf } from './text.ts'

export interface Room {
  readonly size: number
  readonly blocks: number
}

/** The blocks in as many pages as they take, in order; nothing is left out, whatever is too long is broken. */
export function pagesOf(blocks: readonly Block[], { size, blocks: most }: Room): Block[][] {
  const pages: Block[][] = []
  let left = 0
  for (const block of blocks.flatMap((one) => inPieces(one, Math.min(LIMITS.element, size)))) {
    const page = pages.at(-1)
    left -= sizeOf(wordsOf(block))
    if (page && left >= 0 && page.length < most) page.push(block)
    else {
      pages.push([block])
      left = size - sizeOf(wordsOf(block))
    }
  }
  return pages.length ? pages : [[]]
}

/** All the words of a block as they are rendered. */
export function wordsOf(block: Block): string {
  switch (block.type) {
    case 'text':
    case 'heading':
    case 'code':
      return block.text
    case 'fields':
      return block.fields.map(fieldWords).join('\n')
    case 'list':
      return block.items.join('\n')
    case 'diff':
      return block.lines.join('\n')
    default:
      return block satisfies never
  }
}

/** A block that is too long, as several of its kind. */
function inPieces(block: Block, most: number): Block[] {
  if (sizeOf(wordsOf(block)) <= most) return [block]
  switch (block.type) {
    case 'text':
    case 'heading':
    case 'code':
      return pieces(block.text, most).map((text) => ({ ...block, text }))
    case 'diff':
      return pieces(block.lines.join('\n'), most).map((text) => ({ ...block, lines: text.split('\n') }))
    case 'list': {
      const items = block.items.flatMap((item) => pieces(item, most))
      return packed(items, (item) => sizeOf(item) + 1, most + 1).map((some) => ({ ...block, items: some }))
    }
    case 'fields': {
      const fields = block.fields.flatMap((field) => shortFields(field, most))
      return packed(fields, (field) => sizeOf(fieldWords(field)) + 1, most + 1).map((some) => ({
        ...block,
        fields: some,
      }))
    }
    default:
      return block satisfies never
  }
}

type Field = readonly [label: string, value: string]

const fieldWords = ([label, value]: Field): string => `${label}: ${value}`

/** A label that is a text by itself moves to the value; a long value continues under the same label. */
function shortFields([label, value]: Field, most: number): Field[] {
  if (sizeOf(fieldWords([label, value])) <= most) return [[label, value]]
  const short = sizeOf(label) <= LIMITS.header
  const rest = short ? value : `${label}\n${value}`
  return pieces(rest, most - LIMITS.header - 3).map((part) => [short ? label : '–', part])
}
