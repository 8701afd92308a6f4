/** Whole words to put on the kernel line, and whole words to take off it. */
export interface ArgumentsChange {
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** A word of a line, and where it stands in it. */
export interface PlacedWord {
  readonly word: string
  readonly from: number
  readonly to: number
}

/** What becomes of every word (null = it goes), and which words follow behind the last one. */
export interface WordPlan {
  readonly fates: readonly (string | null)[]
  readonly appended: readonly string[]
}

const BLANK = /[ \t\n\v\f\r]/

/** The words of a kernel line as the kernel cuts them: blanks inside double quotes do not cut (lib/cmdline.c, next_arg). */
export function placeWords(line: string): PlacedWord[] {
  const words: PlacedWord[] = []
  let from = -1
  let quoted = false
  for (let at = 0; at <= line.length; at++) {
    const char = line[at]
    const cuts = char === undefined || (!quoted && BLANK.test(char))
    if (cuts && from >= 0) words.push({ word: line.slice(from, at), from, to: at })
    if (cuts) from = -1
    else if (from < 0) from = at
    if (char === '"') quoted = !quoted
  }
  return words
}

export const splitWords = (line: string): string[] => placeWords(line).map(({ word }) => word)

/** What stands before the first `=`; a quote in front belongs to neither (`"key=a b"` is how GRUB hands over `key="a b"`). */
export const keyOf = (word: string): string => word.replace(/^"/, '').split('=', 1)[0] ?? ''

/** The kernel takes `-` and `_` in a name for the same (kernel/params.c, parameq). */
export const sameKey = (one: string, other: string): boolean => one.replaceAll('-', '_') === other.replaceAll('-', '_')

/** Decides word by word: removed words go wherever they occur; an added word takes the place of a removed one of its key. */
export function planChange(words: readonly string[], change: ArgumentsChange): WordPlan {
  const removed = new Set(change.remove.filter((word) => !change.add.includes(word)))
  const waiting = [...new Set(change.add)].filter((word) => !words.includes(word))
  const fates = words.map((word) => {
    if (!removed.has(word)) return word
    const heir = waiting.findIndex((candidate) => sameKey(keyOf(candidate), keyOf(word)))
    return heir < 0 ? null : (waiting.splice(heir, 1)[0] ?? null)
  })
  return { fates, appended: waiting }
}

/** The words after a change. */
export function applyChange(words: readonly string[], change: ArgumentsChange): string[] {
  const { fates, appended } = planChange(words, change)
  return [...fates.filter((word) => word !== null), ...appended]
}

/** The line after a change, blanks and all; a word that goes takes one neighbouring blank with it. */
export function changeLine(line: string, change: ArgumentsChange): string {
  const placed = placeWords(line)
  const { fates, appended } = planChange(
    placed.map(({ word }) => word),
    change,
  )
  let result = ''
  let copied = 0
  placed.forEach(({ word, from, to }, index) => {
    const fate = fates[index] ?? null
    if (fate === word) return
    const gap = line.slice(copied, from)
    result += fate === null && BLANK.test(gap.slice(-1)) ? gap.slice(0, -1) : gap + (fate ?? '')
    copied = fate === null && !BLANK.test(gap.slice(-1)) && to < line.length ? to + 1 : to
  })
  result += line.slice(copied)
  return appended.reduce((text, word) => (text === '' ? word : `${text} ${word}`), result)
}

/** The change that leads from one list of words to another, as far as words (not their number or order) differ. */
export const differenceOf = (before: readonly string[], after: readonly string[]): ArgumentsChange => ({
  add: [...new Set(after)].filter((word) => !before.includes(word)),
  remove: [...new Set(before)].filter((word) => !after.includes(word)),
})

/** Values of a list that undo one another: asking for the one drops the other. */
const CONTRADICTIONS = [
  ['on', 'off'],
  ['sm_on', 'sm_off'],
  ['pt', 'nopt'],
]

/**
 * The change that brings values into a comma list such as `intel_iommu=`. The kernel parses every occurrence of the key, so
 * several become one word; values that are there stay, in their order, unless they contradict a wanted one (FACTS 2.2).
 */
export function withListValue(words: readonly string[], key: string, wanted: readonly string[]): ArgumentsChange {
  const present = words.filter((word) => sameKey(keyOf(word), key))
  const tokens = present.flatMap((word) => word.replaceAll('"', '').split('=').slice(1).join('=').split(','))
  const unwanted = wanted.flatMap((token) =>
    CONTRADICTIONS.filter((pair) => pair.includes(token)).flatMap((pair) => pair.filter((other) => other !== token)),
  )
  const merged = [...new Set([...tokens, ...wanted])].filter((token) => token !== '' && !unwanted.includes(token))
  const word = `${key}=${merged.join(',')}`
  return differenceOf(present, [word])
}
