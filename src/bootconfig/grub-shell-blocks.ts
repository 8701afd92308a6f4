import { expectWord, looksAt, peekWord, skipBlanks, skipBreaks, takeWord, unexpected } from './grub-shell-tokens.ts'
import { type Cursor, type ReadCommands, readWord, ShellTrouble } from './grub-shell-words.ts'
import type { Step } from './shell-assignments.ts'

/** Reads commands up to one of these words, a `)` or a `;;`; with `atLeast` 1, an empty list is an error. */
export type ReadList = (cursor: Cursor, until: readonly string[], atLeast?: number) => Step[]

export const BLOCK_WORDS = ['{', 'if', 'while', 'until', 'for', 'case']

/** The block that the word at the cursor opens, up to the word that closes it. */
export function readBlock(cursor: Cursor, readList: ReadList): Step[] {
  const at = cursor.at
  const word = takeWord(cursor)
  const upTo = (closer: string) => readUpTo(cursor, at, closer, readList)
  if (word === '{') return upTo('}')
  if (word === 'if') return [{ kind: 'maybe', body: readIf(cursor, at, readList) }]
  if (word === 'case') return [{ kind: 'maybe', body: readCase(cursor, at, readList) }]
  const head = word === 'for' ? readFor(cursor, readList) : upTo('do')
  return [{ kind: 'maybe', body: [...head, ...upTo('done')] }]
}

function readUpTo(cursor: Cursor, at: number, closer: string, readList: ReadList): Step[] {
  const body = readList(cursor, [closer], 1)
  if (takeWord(cursor) !== closer) throw new ShellTrouble(at, `what begins here has no "${closer}"`)
  return body
}

function readIf(cursor: Cursor, at: number, readList: ReadList): Step[] {
  const body = [...readUpTo(cursor, at, 'then', readList), ...readList(cursor, ['elif', 'else', 'fi'], 1)]
  const next = takeWord(cursor)
  if (next === 'elif') return [...body, ...readIf(cursor, at, readList)]
  if (next === 'else') return [...body, ...readUpTo(cursor, at, 'fi', readList)]
  if (next !== 'fi') throw new ShellTrouble(at, 'the "if" that begins here has no "fi"')
  return body
}

function readFor(cursor: Cursor, readList: ReadList): Step[] {
  const at = cursor.at
  const name = takeWord(cursor)
  if (!/^[A-Za-z_]\w*$/.test(name)) throw unexpected(cursor)
  skipBreaks(cursor)
  if (peekWord(cursor) === 'in') {
    takeWord(cursor)
    do skipBlanks(cursor)
    while (readWord(cursor, inside(readList)))
    if (!looksAt(cursor, ';') && !looksAt(cursor, '\n')) throw unexpected(cursor)
  }
  if (looksAt(cursor, ';')) cursor.at++
  expectWord(cursor, 'do')
  return [{ kind: 'looped', at, name }]
}

function readCase(cursor: Cursor, at: number, readList: ReadList): Step[] {
  const body: Step[] = []
  skipBlanks(cursor)
  if (!readWord(cursor, inside(readList))) throw unexpected(cursor)
  expectWord(cursor, 'in')
  for (skipBreaks(cursor); peekWord(cursor) !== 'esac'; skipBreaks(cursor)) {
    readPatterns(cursor, at, readList)
    body.push(...readList(cursor, ['esac']))
    if (looksAt(cursor, ';;')) cursor.at += 2
    else if (peekWord(cursor) !== 'esac') throw new ShellTrouble(at, 'the "case" that begins here has no "esac"')
  }
  takeWord(cursor)
  return body
}

function readPatterns(cursor: Cursor, at: number, readList: ReadList): void {
  if (looksAt(cursor, '(')) cursor.at++
  for (;;) {
    skipBlanks(cursor)
    if (!readWord(cursor, inside(readList))) throw new ShellTrouble(at, 'the "case" that begins here cannot be read')
    skipBlanks(cursor)
    if (!looksAt(cursor, '|')) break
    cursor.at++
  }
  if (!looksAt(cursor, ')')) throw unexpected(cursor)
  cursor.at++
}

const inside =
  (readList: ReadList): ReadCommands =>
  (cursor) => {
    readList(cursor, [])
  }
