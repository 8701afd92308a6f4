import { diffLines } from 'diff'

/** The lines that differ, `-` before and `+` after, in order. For people; nothing is applied from it. */
export const lineDiff = (before: string, after: string): string[] =>
  diffLines(before, after).flatMap(({ added, removed, value }) =>
    added || removed
      ? value
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `${added ? '+' : '-'} ${line}`)
      : [],
  )
