/** One word of a shell statement. `raw` is as written, `line` where it begins (from 1). */
export interface ShellWord {
  readonly raw: string
  readonly line: number
}

/** The statements of a file of shell assignments, and the first quote that nobody closed. */
export interface ShellFile {
  readonly statements: readonly (readonly ShellWord[])[]
  readonly unclosed: { readonly quote: string; readonly line: number } | null
}

const blank = (char: string): boolean => char === ' ' || char === '\t'

/**
 * Splits a file such as /etc/default/grub the way dash does, without running anything: quotes, comments, `;` and line
 * continuation. Nothing is expanded (FACTS 7).
 */
export function readShellFile(text: string): ShellFile {
  const statements: ShellWord[][] = []
  let words: ShellWord[] = []
  let at = 0
  let line = 1
  let unclosed: ShellFile['unclosed'] = null
  const endStatement = () => {
    if (words.length > 0) statements.push(words)
    words = []
  }
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '\n' || char === ';') {
      endStatement()
      if (char === '\n') line += 1
      at += 1
    } else if (blank(char)) at += 1
    else if (text.startsWith('\\\n', at)) {
      line += 1
      at += 2
    } else if (char === '#') while (at < text.length && text[at] !== '\n') at += 1
    else {
      const end = endOfWord(text, at)
      const raw = text.slice(at, end.at)
      words.push({ raw, line })
      if (end.open !== null) unclosed ??= { quote: end.open, line: line + newlines(text.slice(at, end.openedAt)) }
      line += newlines(raw)
      at = end.at
    }
  }
  endStatement()
  return { statements, unclosed }
}

const newlines = (text: string): number => text.split('\n').length - 1

/** Where the word that begins here ends; `open` is the quote that was still open at the end of the file. */
function endOfWord(text: string, from: number): { at: number; open: string | null; openedAt: number } {
  let quote: string | null = null
  let openedAt = from
  let depth = 0
  let at = from
  for (; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '\\' && quote !== "'") at += 1
    else if (quote !== null) {
      if (char === quote) quote = null
    } else if (char === '"' || char === "'" || char === '`') {
      quote = char
      openedAt = at
    } else if (text.startsWith('$(', at)) depth += 1
    else if (char === ')' && depth > 0) depth -= 1
    else if (depth === 0 && (char === '\n' || char === ';' || blank(char))) break
  }
  return { at: Math.min(at, text.length), open: quote, openedAt }
}
