/** The known words closest to what was typed, best first; none when nothing is close. */
export function nearest(typed: string, known: readonly string[], most = 3): string[] {
  const word = typed.toLowerCase()
  return known
    .map((name) => ({ name, off: offBy(word, name.toLowerCase()) }))
    .filter(({ name, off }) => off <= Math.max(1, Math.floor(Math.max(name.length, word.length) / 3)))
    .toSorted((one, other) => one.off - other.off)
    .slice(0, most)
    .map(({ name }) => name)
}

/** `did you mean a or b?`, or nothing. */
export function didYouMean(typed: string, known: readonly string[]): string | undefined {
  const close = nearest(typed, known)
  return close.length ? `did you mean ${close.join(' or ')}?` : undefined
}

/** Edits between two words; swapped neighbours count as one, and so does a beginning that was not typed to its end. */
function offBy(one: string, other: string): number {
  if (one.length > 1 && other.startsWith(one)) return Math.min(1, (other.length - one.length) / 100)
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= one.length; i++) {
    rows[i] = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] ? at(i - 2, j - 2) + 1 : at(i, -1)
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same, swapped))
    }
  }
  return at(one.length, other.length)
}
