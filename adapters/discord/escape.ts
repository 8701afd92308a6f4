import { clean } from '../clean.ts'

const INVISIBLE = '\u200b'
const MARKUP = /[\\*_~`|<>#[\]\-+:.]/g

/**
 * Text that Discord shows as it is: no markdown, no link (a bare `https://` would be one), no mention, no control character.
 * What looks like a mention is broken with a character of no width as well: the server does not read backslashes.
 */
export const plain = (text: string): string =>
  unmentioned(
    safe(text).replace(MARKUP, (char, at: number, whole: string) => (needed(char, at, whole) ? `\\${char}` : char)),
  )

/** Text inside a code block: shown as it is, and unable to end the block. */
export const fenced = (text: string): string => unmentioned(safe(text)).replaceAll(/`(?=`)/g, `\`${INVISIBLE}`)

/** A line where Discord knows no markdown: footers. */
export const label = (text: string): string => unmentioned(oneLine(text))

/** One line, without anything that could drive a screen; for names, titles of files, choices. */
export const oneLine = (text: string): string => safe(text).replaceAll(/\s+/g, ' ').trim()

/** Text without anything that could drive a screen; the line feed stays. */
export const safe = (text: string): string => clean(text.toWellFormed())

const unmentioned = (text: string): string => text.replaceAll(/@(?=everyone|here)|(?<=<)@/gi, `@${INVISIBLE}`)

/** Marks that mean something only at the start of a line, or before `//`, stay bare elsewhere: text is read raw as well. */
function needed(char: string, at: number, whole: string): boolean {
  const before = whole.slice(whole.lastIndexOf('\n', at - 1) + 1, at)
  switch (char) {
    case '#':
    case '-':
    case '+':
    case '>':
      return /^[\s>#-]*$/.test(before)
    case '.':
      return /^\s*\d+$/.test(before)
    case ':':
      return whole.startsWith('//', at + 1)
    default:
      return true
  }
}
