import type { Block, Card } from '../../src/cards/card.ts'

/** What is new on an edited card: the blocks and fields it did not have. Null when nothing stayed: then the whole card is shown. */
export function changedPart(before: Card | undefined, card: Card): readonly Block[] | null {
  const had = new Set(before?.blocks.flatMap(pieces))
  if (!card.blocks.flatMap(pieces).some((piece) => had.has(piece)) && card.blocks.length > 0) return null
  return card.blocks.flatMap((block): Block[] => {
    if (block.type === 'heading') return []
    if (block.type !== 'fields') return had.has(JSON.stringify(block)) ? [] : [block]
    const fields = block.fields.filter((field) => !had.has(JSON.stringify(field)))
    return fields.length ? [{ type: 'fields', fields }] : []
  })
}

const pieces = (block: Block): string[] =>
  block.type === 'fields' ? block.fields.map((field) => JSON.stringify(field)) : [JSON.stringify(block)]
