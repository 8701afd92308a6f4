import { hintOf, wordsOf } from '../src/errors.ts'

/** One thing that was looked at: what was seen, whether that is well, and what to do otherwise. */
export interface Check {
  readonly says: string
  readonly ok: boolean
  readonly hint?: string
}

/** Something that is as it has to be. */
export const well = (says: string): Check => ({ says, ok: true })

/** Something that somebody has to see to; also what could not be looked at. */
export const amiss = (says: string, hint: string): Check => ({ says, ok: false, hint })

/** What went wrong while looking, in the words of the error. `hint` stands in for one that does not fit here. */
export const failure = (error: unknown, hint = hintOf(error)): Check => ({
  says: wordsOf(error),
  ok: false,
  ...(hint !== undefined && { hint }),
})
