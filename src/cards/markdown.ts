import type { Block, Card } from './card.ts'

/** A card as Markdown (CommonMark, with the tables of GitHub): for a ticket, a wiki, a post-mortem. What came from a node stays text. */
export const cardMarkdown = (card: Card, level = 1): string =>
  [`${'#'.repeat(level)} ${plain(card.title)}`, ...card.blocks.map((block) => blockMarkdown(block, level))].join('\n\n')

function blockMarkdown(block: Block, level: number): string {
  switch (block.type) {
    case 'text':
      return block.text.split('\n').map(plain).join('  \n')
    case 'heading':
      return `${'#'.repeat(level + 1)} ${plain(block.text)}`
    case 'fields':
      return table(block.fields)
    case 'list':
      return block.items.map((item) => `- ${item.split('\n').map(plain).join('  \n  ')}`).join('\n')
    case 'code':
      return fenced('', block.text)
    case 'diff':
      return fenced('diff', block.lines.join('\n'))
    default:
      return block satisfies never
  }
}

/** Two columns; the head is empty, since the labels stand in the first. */
export const table = (rows: readonly (readonly [string, string])[]): string =>
  ['| | |', '|---|---|', ...rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`)].join('\n')

/** Text that means only itself: Markdown's signs are escaped, and so is HTML. */
export const plain = (text: string): string =>
  text
    .replaceAll(/[\\`*_{}[\]<>#|~$&!]/g, (sign) => `\\${sign}`)
    // A line that would begin a list, a heading below it, or a quotation.
    .replace(/^(\s*)([-+=]|\d+[.)])(?=\s|$|[-=])/, (_, blank, sign) => `${blank}${sign.slice(0, -1)}\\${sign.at(-1)}`)

const cell = (text: string): string => text.split('\n').map(plain).join('<br>')

/** A fence that is longer than any in the text. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}
