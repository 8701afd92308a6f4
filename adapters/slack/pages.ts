import type { Block } from '../../src/cards/card.ts'
import { blockText } from '../../src/cards/text.ts'
import { LIMITS } from './limits.ts'
import { pieces, sizeOf } from './text.ts'

export interface Room {
  readonly size: number
  readonly blocks: number
}

/** The blocks in as many pages as they take, in order; nothing is left out, whatever is too long is broken. */
export function pagesOf(blocks: readonly Block[], first: Room, later: Room = first): Block[][] {
  const pages: Block[][] = []
  let page: Block[] = []
  let size = 0
  for (const block of blocks.flatMap((one) => inPieces(one, Math.min(LIMITS.element, first.size)))) {
    const room = pages.length === 0 ? first : later
    const more = sizeOf(blockText(block)) + overhead(block)
    if (page.length && (page.length === room.blocks || size + more > room.size)) {
      pages.push(page)
      page = []
      size = 0
    }
    page.push(block)
    size += more
  }
  return [...pages, page]
}

/** What rendering adds: a colon and a dash per field at most. */
const overhead = (block: Block): number => (block.type === 'fields' ? 4 * block.fields.length : 0)

/** A block that is too long, as several of its kind. */
function inPieces(block: Block, most: number): Block[] {
  if (sizeOf(blockText(block)) <= most) return [block]
  switch (block.type) {
    case 'text':
    case 'heading':
    case 'code':
      return pieces(block.text, most - margin(block.text)).map((text) => ({ ...block, text }))
    case 'diff': {
      const text = block.lines.join('\n')
      return pieces(text, most - margin(text)).map((part) => ({ ...block, lines: part.split('\n') }))
    }
    case 'list':
      return block.items
        .flatMap((item) => pieces(item, most - margin(item)))
        .map((item) => ({ type: 'list', items: [item] }))
    case 'fields':
      return block.fields.flatMap(([label, value]) => {
        const name = pieces(label, LIMITS.header)[0] ?? ''
        const rest = name === label ? value : `${label}\n${value}`
        return pieces(rest, most - LIMITS.header - margin(rest)).map(
          (part): Block => ({ type: 'fields', fields: [[name, part]] }),
        )
      })
    default:
      return block satisfies never
  }
}

/** `blockText` indents: a piece has to stay below the limit with that, too. */
const margin = (text: string): number => Math.min(1200, 5 + 4 * text.split('\n').length)
