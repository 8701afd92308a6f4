import type { Block } from '../../src/cards/card.ts'
import { fenced, oneLine, plain, safe } from './escape.ts'
import { LIMITS } from './limits.ts'

/** One line as Discord gets it; `fence` = it stands in a code block, of that language. */
export interface Line {
  readonly text: string
  readonly fence?: '' | 'diff'
}

const INDENT = '\u2003'

/** The lines of a card's body, a blank one between two blocks. */
export const bodyLines = (blocks: readonly Block[]): Line[] =>
  blocks.flatMap((block, index) => [...(index ? [{ text: '' }] : []), ...blockLines(block)])

function blockLines(block: Block): Line[] {
  switch (block.type) {
    case 'text':
      return broken(block.text).map((line) => ({ text: plain(line) }))
    case 'heading':
      return bold(block.text)
    case 'fields':
      return block.fields.flatMap(([label, value]) => field(label, value))
    case 'list':
      return block.items.flatMap((item) => hanging('• ', item))
    case 'code':
      return code(block.text.split('\n'), '')
    case 'diff':
      return code(block.lines, 'diff')
    default:
      return block satisfies never
  }
}

/** Of any length: what goes beyond a line is broken like any other text. */
function bold(text: string): Line[] {
  const [first = '', ...more] = broken(oneLine(text))
  return [{ text: `**${plain(first) || '–'}**` }, ...more.map((line) => ({ text: plain(line) }))]
}

function field(label: string, value: string): Line[] {
  const [head = { text: '' }, ...more] = bold(label)
  return more.length ? [head, ...more, ...hanging(INDENT, value)] : hanging(`${head.text}${INDENT}`, value)
}

const hanging = (lead: string, text: string): Line[] =>
  broken(text).map((line, index) => ({ text: `${index ? INDENT : lead}${plain(line)}` }))

/** Discord takes the blank lines off a code block's ends, and a block of nothing else is none. */
const code = (lines: readonly string[], fence: '' | 'diff'): Line[] => {
  const text = lines.join('\n').replace(/^(?:[ \t]*\r?\n)+|\s+$/g, '')
  return broken(text || '(empty)').map((line) => ({ text: fenced(line), fence }))
}

/** Breaks at the ends of lines, and lines that are too long wherever they get so: nothing is lost. */
export function broken(text: string): string[] {
  return safe(text)
    .split('\n')
    .flatMap((line) => {
      if (line.length <= LIMITS.line) return [line]
      const pieces: string[] = []
      let piece = ''
      for (const char of line) {
        if (piece.length + char.length > LIMITS.line) {
          pieces.push(piece)
          piece = ''
        }
        piece += char
      }
      return [...pieces, piece]
    })
}
