import { checkAllowed } from '../bootconfig/allowed-arguments.ts'
import { differenceOf } from '../bootconfig/kernel-line.ts'
import type { Refusal } from '../errors.ts'

/** Says no where the next boot would bring or drop a word that lanekeeper must not touch. `restore`: words that only an earlier state may bring back. */
export function checkNextLine(
  now: readonly string[],
  kept: readonly string[],
  restore: readonly string[],
): Refusal | undefined {
  const blocked = checkAllowed(differenceOf(now, kept), { restore })
  return (
    blocked && {
      refused: `the next boot would change more of the kernel line than lanekeeper may try: ${blocked.refused}`,
      hint: 'settle that by hand (the file was edited, or the running line was), then diagnose again',
    }
  )
}
