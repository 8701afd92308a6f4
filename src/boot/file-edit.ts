import type { Refusal } from '../errors.ts'
import { sha256 } from './act-script.ts'
import type { FileEdit } from './chain.ts'
import { lineDiff } from './diff.ts'

/** The edit that makes `text` of a file that holds `was`, byte for byte. */
export const fileEdit = (path: string, was: string, text: string): FileEdit => ({
  path,
  before: sha256(was),
  after: sha256(text),
  was,
  text,
  diff: lineDiff(was, text),
})

/** Says no to giving back the old bytes of a file that is no longer what the earlier edit left. `textOf`: what the file holds now. */
export function editedSince(
  earlier: readonly FileEdit[],
  textOf: (path: string) => string | undefined,
): Refusal | undefined {
  const changed = earlier.find(({ path, after }) => sha256(textOf(path) ?? '') !== after)
  return (
    changed && {
      refused: `${changed.path} is no longer what that change left: giving back its old bytes would lose what was edited since`,
      hint: 'edit it by hand, or take the words out with a new diagnosis',
    }
  )
}
