import type { Block, Card } from './card.ts'

/** A card's body as plain text: for programs, notifications and screen readers. Says everything the card says. */
export const cardText = (card: Card): string => card.blocks.map(blockText).join('\n\n')

/** One block as plain text. */
export function blockText(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.text
    case 'heading':
      return `## ${block.text}`
    case 'fields':
      return fieldLines(block.fields).join('\n')
    case 'list':
      return block.items.map((item) => `- ${item.replaceAll('\n', '\n  ')}`).join('\n')
    case 'code':
      return block.text.replaceAll(/^/gm, '    ')
    case 'diff':
      return block.lines.map((line) => `    ${line}`).join('\n')
    default:
      return block satisfies never
  }
}

/** Labels in one column, values in the next; further lines of a value stay under its first. */
export function fieldLines(fields: readonly (readonly [label: string, value: string])[]): string[] {
  const width = Math.max(0, ...fields.map(([label]) => label.length))
  return fields.map(([label, value]) =>
    `${label.padEnd(width)}  ${value.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`.trimEnd(),
  )
}
