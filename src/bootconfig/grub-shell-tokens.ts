import { type Cursor, type ReadCommands, readWord, ShellTrouble } from './grub-shell-words.ts'

const REDIRECTION = /[0-9]*(<<|<>|<&|>&|>>|>\||<|>)/y
const RAW_WORD = /[^ \t\n;&|<>()]*/y

export const looksAt = ({ text, at }: Cursor, token: string): boolean => text.startsWith(token, at)

/** Past blanks, continued lines and a comment; a word or an operator may follow, or the line's end. */
export function skipBlanks(cursor: Cursor): void {
  const { text } = cursor
  for (;;) {
    if (looksAt(cursor, ' ') || looksAt(cursor, '\t')) cursor.at++
    else if (looksAt(cursor, '\\\n')) cursor.at += 2
    else break
  }
  if (looksAt(cursor, '#')) cursor.at = text.indexOf('\n', cursor.at) < 0 ? text.length : text.indexOf('\n', cursor.at)
}

/** Past blanks, comments and line ends: to where the next command begins. */
export function skipBreaks(cursor: Cursor): void {
  for (skipBlanks(cursor); looksAt(cursor, '\n'); skipBlanks(cursor)) cursor.at++
}

/** The word at the cursor as it is written, quotes and all: what a reserved word is known by. */
export function peekWord(cursor: Cursor): string {
  skipBlanks(cursor)
  RAW_WORD.lastIndex = cursor.at
  return RAW_WORD.exec(cursor.text)?.[0] ?? ''
}

export function takeWord(cursor: Cursor): string {
  const word = peekWord(cursor)
  cursor.at += word.length
  return word
}

/** Past a word that has to come next, on this line or a later one. */
export function expectWord(cursor: Cursor, word: string): void {
  skipBreaks(cursor)
  if (takeWord(cursor) !== word) throw new ShellTrouble(cursor.at, `the shell expects "${word}" here`)
}

/** Past one redirection, if there is one. Here-documents are refused: their text looks like commands. */
export function skipRedirection(cursor: Cursor, readCommands: ReadCommands): boolean {
  skipBlanks(cursor)
  REDIRECTION.lastIndex = cursor.at
  const found = REDIRECTION.exec(cursor.text)
  if (!found) return false
  if (found[1] === '<<') {
    throw new ShellTrouble(cursor.at, 'a here-document, which lanekeeper does not read', 'Move it out of this file.')
  }
  cursor.at += found[0].length
  skipBlanks(cursor)
  const target = readWord(cursor, readCommands)
  if (!target) throw unexpected(cursor)
  const written = cursor.text.slice(target.from, target.to)
  if (found[1]?.endsWith('&') && !/^[0-9-]$/.test(written))
    throw new ShellTrouble(target.from, `"${written}" is no file descriptor`)
  return true
}

export const unexpected = (cursor: Cursor): ShellTrouble => {
  const found = cursor.text.slice(cursor.at, cursor.at + 20).split('\n', 1)[0]
  return new ShellTrouble(cursor.at, `the shell cannot go on at "${found}"`)
}
