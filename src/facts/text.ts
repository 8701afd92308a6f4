import { NotLearned } from './probe.ts'

/** The lines of a text, with either line ending; a final newline makes no line of its own. */
export function lines(text: string): string[] {
  const all = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  if (all.at(-1) === '') all.pop()
  return all
}

/** The lines that hold anything. */
export const filled = (text: string): string[] => lines(text).filter((line) => line.trim() !== '')

const TOOLS =
  'awk|bash|busybox|cat|dash|dmesg|env|find|grep|head|journalctl|ls|lsmod|lspci|mawk|proxmox-boot-tool|pvesh|pveversion|qm|readlink|sed|sh|stat|sudo|tail|uname'
const REFUSAL = new RegExp(
  `^(?:-?(?:/\\S*/)?(?:${TOOLS}): .*)?(?:Permission denied|Operation not permitted|Input/output error|No such file or directory|not found|password is required|Transport endpoint is not connected|Stale file handle|access denied)\\.?$`,
  'i',
)

/** True for a line in which a program says that it could not look. */
export const isRefusal = (line: string): boolean => line.length < 1000 && REFUSAL.test(line.trim())

/** True where a program says that there is no such file: that is an answer for a file that may be missing. */
export const isMissingFile = (text: string): boolean =>
  text.length < 1000 && /^(?:cat|grep|sed): [^\n]*: No such file or directory\s*$/.test(text)

/** The text itself; throws where it is a refusal in place of content. */
export function looked(text: string): string {
  const refusal = filled(text.slice(0, 10_000)).find(isRefusal)
  if (refusal !== undefined) throw new NotLearned(`could not look: ${refusal.trim()}`)
  return text
}

/** The text trimmed; throws where it is empty or a refusal. */
export function content(text: string): string {
  const trimmed = looked(text).trim()
  if (trimmed === '') throw new NotLearned('the output is empty')
  return trimmed
}

/** One plain line; throws where it is empty, a refusal, or binary garbage. */
export function plainLine(text: string): string {
  const line = filled(content(text)).join(' ').trim()
  if (isGarbage(line)) throw new NotLearned('the output is not text')
  return line
}

/** True where a text holds what no text file holds: control characters, or bytes that were not UTF-8 (U+FFFD). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const isGarbage = (text: string): boolean => /[\u0000-\u0008\u000e-\u001a\ufffd]/.test(text)

/** The `key: value` lines, in order. */
export function pairs(text: string): [key: string, value: string][] {
  return lines(text).flatMap((line): [string, string][] => {
    const colon = line.indexOf(':')
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : []
  })
}

/** The first value under a key, by `pairs`; null where there is none. */
export function keyed(text: string): (key: string) => string | null {
  const found = new Map<string, string>()
  for (const [key, value] of pairs(text)) if (!found.has(key)) found.set(key, value)
  return (key) => found.get(key) || null
}

/** `yes` and `no` as they are meant; anything else is not known. */
export const yesNo = (value: string | null): boolean | null => (value === 'yes' ? true : value === 'no' ? false : null)

/** A whole number, or null. */
export const whole = (value: string | null | undefined): number | null =>
  value && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : null

/** The file and the line of `grep -H ""` output, for files with the given endings. */
export function fileLines(text: string, path: RegExp): { path: string; line: string }[] {
  return lines(text).flatMap((each) => {
    const found = path.exec(each)?.[0]
    return found !== undefined && each[found.length] === ':'
      ? [{ path: found, line: each.slice(found.length + 1) }]
      : []
  })
}
