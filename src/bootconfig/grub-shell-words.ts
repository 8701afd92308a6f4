/** What a shell text is refused for, and where: an offset, in words, and what a person does about it. */
export class ShellTrouble extends Error {
  readonly at: number
  readonly todo: string
  constructor(at: number, why: string, todo = 'Correct the line by hand.') {
    super(why)
    this.at = at
    this.todo = todo
  }
}

/** A part of a word: one character as it is, a variable's value, or something only a shell can tell. */
export type Piece = { readonly from: number; readonly to: number; readonly quoted: boolean } & (
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'unknown'; readonly what: string }
)

/** A shell word. `inside`: where its last quotes close, when it ends with quotes; text put in there is still of the word. */
export interface Word {
  readonly from: number
  readonly to: number
  readonly pieces: readonly Piece[]
  readonly inside: number | undefined
}

/** A place in a text that readers share and move. */
export interface Cursor {
  readonly text: string
  at: number
}

/** Reads commands at a cursor up to the `)` that ends a `$(…)`; the statements' reader, which words need in turn. */
export type ReadCommands = (cursor: Cursor) => void

const ENDS_WORD = /[ \t\n;&|<>()]/
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The word at the cursor, or undefined where none begins. Quotes and escapes as POSIX and dash have them. */
export function readWord(cursor: Cursor, readCommands: ReadCommands): Word | undefined {
  const { text } = cursor
  const from = cursor.at
  const pieces: Piece[] = []
  let inside: number | undefined
  while (cursor.at < text.length) {
    const char = text.charAt(cursor.at)
    if (ENDS_WORD.test(char)) break
    inside = undefined
    if (char === "'" || char === '"') {
      readQuoted(cursor, char, pieces, readCommands)
      inside = cursor.at - 1
    } else if (char === '\\') readEscape(cursor, pieces, false)
    else readPlain(cursor, pieces, false, readCommands)
  }
  return cursor.at > from ? { from, to: cursor.at, pieces, inside } : undefined
}

function readQuoted(cursor: Cursor, quote: string, pieces: Piece[], readCommands: ReadCommands): void {
  const { text } = cursor
  const opened = cursor.at++
  while (text[cursor.at] !== quote) {
    if (cursor.at >= text.length) throw unclosed(opened, `the quote ${quote}`)
    if (quote === '"' && text[cursor.at] === '\\') readEscape(cursor, pieces, true)
    else if (quote === '"') readPlain(cursor, pieces, true, readCommands)
    else pieces.push(charAt(cursor, true))
  }
  cursor.at++
}

/** A backslash: before a line break both vanish; inside double quotes it escapes only `$`, backquote, `"` and itself. */
function readEscape(cursor: Cursor, pieces: Piece[], quoted: boolean): void {
  const next = cursor.text[cursor.at + 1]
  if (next === undefined) throw new ShellTrouble(cursor.at, 'the file ends with a backslash')
  if (next === '\n') cursor.at += 2
  else if (quoted && !'$`"\\'.includes(next)) pieces.push(charAt(cursor, quoted))
  else {
    pieces.push({ kind: 'char', char: next, quoted: true, from: cursor.at, to: cursor.at + 2 })
    cursor.at += 2
  }
}

function readPlain(cursor: Cursor, pieces: Piece[], quoted: boolean, readCommands: ReadCommands): void {
  const from = cursor.at
  const char = cursor.text[from]
  const unknown = (what: string) => pieces.push({ kind: 'unknown', what, quoted, from, to: cursor.at })
  if (char === '`') {
    readBackquotes(cursor, quoted ? '$`\\"' : '$`\\', readCommands)
    unknown('the output of a command')
  } else if (char !== '$') pieces.push(charAt(cursor, quoted))
  else readDollar(cursor, pieces, quoted, unknown, readCommands)
}

function readDollar(
  cursor: Cursor,
  pieces: Piece[],
  quoted: boolean,
  unknown: (what: string) => void,
  readCommands: ReadCommands,
): void {
  const { text, at: from } = cursor
  const rest = text.slice(from + 1)
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest)?.[0]
  if (name !== undefined) {
    cursor.at = from + 1 + name.length
    pieces.push({ kind: 'variable', name, quoted, from, to: cursor.at })
  } else if (rest.startsWith('((')) {
    readArithmetic(cursor)
    unknown('a calculation')
  } else if (rest.startsWith('(')) {
    cursor.at += 2
    readCommands(cursor)
    if (text[cursor.at] !== ')') throw unclosed(from, 'the "$("')
    cursor.at++
    unknown('the output of a command')
  } else if (rest.startsWith('{')) {
    const braced = readBraces(cursor)
    if (NAME.test(braced)) pieces.push({ kind: 'variable', name: braced, quoted, from, to: cursor.at })
    else unknown(`\${${braced}}`)
  } else if (/^[0-9@*#?!$-]/.test(rest)) {
    cursor.at += 2
    unknown(text.slice(from, from + 2))
  } else if (!quoted && /^['"]/.test(rest)) {
    throw new ShellTrouble(from, 'a "$" before quotes, which shells read differently', 'Leave the "$" out.')
  } else pieces.push(charAt(cursor, quoted))
}

/** `${…}`; what assigns, aborts, nests or quotes in there is not read but refused. */
function readBraces(cursor: Cursor): string {
  const from = cursor.at
  const end = cursor.text.indexOf('}', from)
  if (end < 0) throw unclosed(from, 'the "${"')
  const content = cursor.text.slice(from + 2, end)
  cursor.at = end + 1
  if (/^(?:[A-Za-z_][A-Za-z0-9_]*(?:(?::?[-+]|%%?|##?)[^'"`\\{(\n]*)?|#[A-Za-z_][A-Za-z0-9_]*)$/.test(content))
    return content
  throw new ShellTrouble(
    from,
    `"\${${content}}" is more than lanekeeper reads`,
    'Write the value out, without the expansion.',
  )
}

function readArithmetic(cursor: Cursor): void {
  const from = cursor.at
  const [whole] = /^\$\(\( *(?:0|[1-9][0-9]*)(?: *[-+*] *(?:0|[1-9][0-9]*))* *\)\)/.exec(cursor.text.slice(from)) ?? []
  if (whole === undefined) throw new ShellTrouble(from, 'a calculation that lanekeeper does not read')
  cursor.at += whole.length
}

function readBackquotes(cursor: Cursor, escapable: string, readCommands: ReadCommands): void {
  const { text, at: opened } = cursor
  let script = ''
  for (cursor.at++; text[cursor.at] !== '`'; cursor.at++) {
    if (cursor.at >= text.length) throw unclosed(opened, 'the backquote')
    if (text[cursor.at] === '\\' && escapable.includes(text.charAt(cursor.at + 1))) cursor.at++
    script += text.charAt(cursor.at)
  }
  cursor.at++
  const inner: Cursor = { text: script, at: 0 }
  try {
    readCommands(inner)
  } catch (error) {
    throw error instanceof ShellTrouble ? new ShellTrouble(opened, error.message, error.todo) : error
  }
  if (inner.at < script.length) throw new ShellTrouble(opened, 'the command between backquotes cannot be read')
}

function charAt(cursor: Cursor, quoted: boolean): Piece {
  const from = cursor.at++
  return { kind: 'char', char: cursor.text.charAt(from), quoted, from, to: cursor.at }
}

const unclosed = (at: number, what: string): ShellTrouble =>
  new ShellTrouble(at, `${what} that opens here is never closed`, 'Close it by hand.')
