import type { Piece, Word } from './grub-shell-words.ts'
import type { Assignment } from './shell-assignments.ts'

/** One character of a value, and the source it was written in: file by number, offsets, the variable assigned there. */
export interface Glyph {
  readonly char: string
  readonly file: number
  readonly from: number
  readonly to: number
  readonly target: string
}

/** What a variable holds, or why that cannot be told from the text. */
export type Value = readonly Glyph[] | Unknown
export interface Unknown {
  readonly file: number
  readonly at: number
  readonly why: string
}

/** An assignment that certainly runs. */
export interface Ran extends Assignment {
  readonly file: number
}

export interface ShellState {
  readonly values: Map<string, Value>
  readonly ran: Ran[]
  readonly functions: Set<string>
  readonly fixed: Set<string>
  /** Set once the shell has run something that may have set anything. */
  anything: Unknown | undefined
}

export const newState = (): ShellState => ({
  values: new Map(),
  ran: [],
  functions: new Set(),
  fixed: new Set(),
  anything: undefined,
})

export const isUnknown = (value: Value): value is Unknown => 'why' in value

/** Of grub-mkconfig's own: empty until the files set them. */
export const OURS = new Set(['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT'])

/** What a variable holds now; unset ones come from grub-mkconfig's environment, which the text does not show. */
export function lookUp(state: ShellState, name: string, file: number, at: number): Value {
  const value = state.values.get(name) ?? state.anything
  if (value) return value
  if (OURS.has(name)) return []
  return { file, at, why: `$${name} is not set in these files` }
}

/** What a word comes to when it is assigned to `target` in a file. */
export function expand(state: ShellState, file: number, word: Word, target: string): Value {
  const glyphs: Glyph[] = []
  for (const [index, piece] of word.pieces.entries()) {
    const at = piece.from
    if (piece.kind === 'unknown') return { file, at, why: `it takes in ${piece.what}` }
    if (piece.kind === 'variable') {
      const value = lookUp(state, piece.name, file, at)
      if (isUnknown(value)) return { ...value, why: value.why.replace(/^it /, `$${piece.name} `) }
      glyphs.push(...value)
    } else if (isTilde(word.pieces, index)) return { file, at, why: 'it takes in a home folder ("~")' }
    else glyphs.push({ char: piece.char, file, from: at, to: piece.to, target })
  }
  return glyphs
}

/** An unquoted `~` at the start of a value or behind a `:` stands for a home folder (POSIX 2.6.1). */
function isTilde(pieces: readonly Piece[], index: number): boolean {
  const [before, here] = [pieces[index - 1], pieces[index]]
  if (here?.kind !== 'char' || here.char !== '~' || here.quoted) return false
  return before === undefined || (before.kind === 'char' && before.char === ':' && !before.quoted)
}

/** The text of a word that holds nothing to expand. */
export function plainText(word: Word): string | undefined {
  return word.pieces.every((piece) => piece.kind === 'char')
    ? word.pieces.map((piece) => piece.char).join('')
    : undefined
}
