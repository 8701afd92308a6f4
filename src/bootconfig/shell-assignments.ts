import { BLOCK_WORDS, readBlock } from './grub-shell-blocks.ts'
import {
  looksAt,
  peekWord,
  skipBlanks,
  skipBreaks,
  skipRedirection,
  takeWord,
  unexpected,
} from './grub-shell-tokens.ts'
import { type Cursor, readWord, ShellTrouble, type Word } from './grub-shell-words.ts'

/** `name=value` in a shell text; `from` is where the name begins, the word is the value alone. */
export interface Assignment {
  readonly name: string
  readonly from: number
  readonly value: Word
}

/** What a shell text does, in order, as far as variables go: blocks differ in whether they run, and in what they leave behind. */
export type Step =
  | {
      readonly kind: 'simple'
      readonly at: number
      readonly sets: readonly Assignment[]
      readonly words: readonly Word[]
    }
  /** Runs here; its failing is foreseen. */
  | { readonly kind: 'tried'; readonly body: readonly Step[] }
  /** Runs or not, once or often. */
  | { readonly kind: 'maybe'; readonly body: readonly Step[] }
  /** Runs in a shell of its own: leaves no variables behind. */
  | { readonly kind: 'apart'; readonly body: readonly Step[] }
  /** A loop's variable. */
  | { readonly kind: 'looped'; readonly at: number; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }

const RESERVED = ['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}', 'in', '!']
const ASSIGNS = /^([A-Za-z_][A-Za-z0-9_]*)=/

/** The steps of a text that a POSIX shell sources. Throws `ShellTrouble` where a shell would fail, and where reading is guessing. */
export function readShell(text: string): Step[] {
  const damage = text.indexOf('\r')
  if (damage >= 0) {
    const todo = "Convert the file by hand: sed -i 's/\\r$//' FILE"
    throw new ShellTrouble(damage, 'a Windows line end, which the shell takes into the value', todo)
  }
  const cursor: Cursor = { text, at: 0 }
  const steps = readList(cursor, [])
  if (cursor.at < text.length) throw unexpected(cursor)
  return steps
}

/** `NAME=value` where the name is written plainly; quotes or escapes in the name make it a command (POSIX 2.9.1). */
export function assignmentIn(text: string, word: Word): Assignment | undefined {
  const name = ASSIGNS.exec(text.slice(word.from, word.to))?.[1]
  if (name === undefined) return undefined
  const from = word.from + name.length + 1
  return { name, from: word.from, value: { ...word, from, pieces: word.pieces.filter((piece) => piece.from >= from) } }
}

function readList(cursor: Cursor, until: readonly string[], atLeast = 0): Step[] {
  const steps: Step[] = []
  for (skipBreaks(cursor); !atEnd(cursor); skipBreaks(cursor)) {
    if (until.includes(peekWord(cursor))) break
    const chain = readAndOr(cursor)
    const background = looksAt(cursor, '&')
    if (background) steps.push({ kind: 'apart', body: chain })
    else steps.push(...chain)
    if (background || (looksAt(cursor, ';') && !looksAt(cursor, ';;'))) cursor.at++
    else if (!looksAt(cursor, '\n') && !atEnd(cursor)) throw unexpected(cursor)
  }
  if (steps.length < atLeast) throw unexpected(cursor)
  return steps
}

const atEnd = (cursor: Cursor): boolean =>
  cursor.at >= cursor.text.length || looksAt(cursor, ')') || looksAt(cursor, ';;')

function readAndOr(cursor: Cursor): Step[] {
  const first = readPipeline(cursor)
  const rest: Step[] = []
  for (skipBlanks(cursor); looksAt(cursor, '&&') || looksAt(cursor, '||'); skipBlanks(cursor)) {
    cursor.at += 2
    skipBreaks(cursor)
    rest.push(...readPipeline(cursor))
  }
  if (rest.length === 0) return first
  return [
    { kind: 'tried', body: first },
    { kind: 'maybe', body: rest },
  ]
}

function readPipeline(cursor: Cursor): Step[] {
  const negated = peekWord(cursor) === '!'
  if (negated) takeWord(cursor)
  const first = readCommand(cursor)
  const rest: Step[] = []
  for (skipBlanks(cursor); looksAt(cursor, '|') && !looksAt(cursor, '||'); skipBlanks(cursor)) {
    cursor.at++
    skipBreaks(cursor)
    rest.push(...readCommand(cursor))
  }
  if (rest.length > 0) return [{ kind: 'apart', body: [...first, ...rest] }]
  return negated ? [{ kind: 'tried', body: first }] : first
}

function readCommand(cursor: Cursor): Step[] {
  const word = peekWord(cursor)
  const subshell = looksAt(cursor, '(')
  if (RESERVED.includes(word)) throw unexpected(cursor)
  if (!subshell && !BLOCK_WORDS.includes(word)) return readSimple(cursor)
  const steps = subshell ? readSubshell(cursor) : readBlock(cursor, readList)
  while (skipRedirection(cursor, readInner));
  return steps
}

function readSubshell(cursor: Cursor): Step[] {
  const at = cursor.at++
  const body = readList(cursor, [], 1)
  if (!looksAt(cursor, ')')) throw new ShellTrouble(at, 'the "(" that opens here is never closed')
  cursor.at++
  return [{ kind: 'apart', body }]
}

function readSimple(cursor: Cursor): Step[] {
  const at = cursor.at
  const sets: Assignment[] = []
  const words: Word[] = []
  for (;;) {
    skipBlanks(cursor)
    if (skipRedirection(cursor, readInner)) continue
    const word = readWord(cursor, readInner)
    if (!word) break
    const assignment = words.length === 0 ? assignmentIn(cursor.text, word) : undefined
    if (assignment) sets.push(assignment)
    else words.push(word)
    skipBlanks(cursor)
    if (looksAt(cursor, '(')) return readFunction(cursor, at, sets.length + words.length === 1)
  }
  if (cursor.at === at) throw unexpected(cursor)
  return [{ kind: 'simple', at, sets, words }]
}

function readFunction(cursor: Cursor, at: number, alone: boolean): Step[] {
  const name = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*\($/.exec(cursor.text.slice(at, ++cursor.at))?.[1]
  skipBlanks(cursor)
  if (name === undefined || !alone || !looksAt(cursor, ')'))
    throw new ShellTrouble(at, 'a "(" where the shell takes none')
  cursor.at++
  skipBreaks(cursor)
  readCommand(cursor)
  return [{ kind: 'function', name }]
}

const readInner = (cursor: Cursor): void => {
  readList(cursor, [])
}
