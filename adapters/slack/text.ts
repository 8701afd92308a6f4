/** For the one field that Slack does read as markup: the fallback in notifications. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** How much of the budget a text takes: as Slack may store it, escaped. */
export const sizeOf = (text: string): number => escaped(text).length

/** A text in pieces of at most `most`, broken at line ends; a line that is longer is broken where it has to be. */
export const pieces = (text: string, most: number): string[] =>
  packed(
    text.split('\n').flatMap((line) => broken(line, most)),
    (line) => sizeOf(line) + 1,
    most + 1,
  ).map((lines) => lines.join('\n'))

/** Things in groups, in order, none of which is larger than `most` unless a single thing is. */
export function packed<T>(things: readonly T[], size: (thing: T) => number, most: number): T[][] {
  const groups: T[][] = []
  let room = 0
  for (const thing of things) {
    room -= size(thing)
    const group = groups.at(-1)
    if (group && room >= 0) group.push(thing)
    else {
      groups.push([thing])
      room = most - size(thing)
    }
  }
  return groups
}

/** A line that is too long, in parts; characters beyond the first plane stay whole. */
function broken(line: string, most: number): string[] {
  if (sizeOf(line) <= most) return [line]
  const parts: string[] = []
  let part = ''
  let size = 0
  for (const char of line) {
    const more = sizeOf(char)
    if (size + more > most) {
      parts.push(part)
      part = ''
      size = 0
    }
    part += char
    size += more
  }
  return [...parts, part]
}
