import type { Card } from '../../src/cards/card.ts'

const PREFIX = 'console:'

/** A card with the names of the people of this room whom it calls, in words; ids of other platforms are left out. */
export function withCalls({ calls = [], ...card }: Card): Card {
  const mine = [...new Set(calls)].filter((id) => id.startsWith(PREFIX))
  if (mine.length === 0) return card
  const text = `calls: ${mine.map((id) => id.slice(PREFIX.length)).join(', ')}`
  return { ...card, blocks: [...card.blocks, { type: 'text', text }], calls: mine }
}

/** The same of a card that is posted no more: nobody is called twice. */
export const withoutCalls = ({ calls: _, ...card }: Card): Card => card
