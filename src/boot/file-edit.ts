import type { Refusal } from '../errors.ts'
import { type Act, act, sha256 } from './act-script.ts'
import type { FileEdit } from './chain.ts'
import { lineDiff } from './diff.ts'

/** The edit that makes `text` of a file that holds `was`, byte for byte; null = there is no such file. `mode`: of a file that it makes. */
export const fileEdit = (
  path: string,
  was: string | null,
  text: string | null,
  mode?: NonNullable<FileEdit['mode']>,
): FileEdit => ({
  path,
  before: sumOf(was),
  after: sumOf(text),
  was,
  text,
  diff: lineDiff(was ?? '', text ?? ''),
  ...(mode && { mode }),
})

/** Whether the kernel line of some boot chain comes from this file; what a chain edits by itself. */
export const isBootFile = (path: string): boolean => /^\/etc\/(default\/grub(\.d\/[^/]+)?|kernel\/cmdline)$/.test(path)

/** The edit that takes another one back. */
export const inverse = ({ path, was, text, mode }: FileEdit): FileEdit => fileEdit(path, text, was, mode)

/** The act that makes the edit: compare and write, or compare and remove. */
export const carryOutEdit = ({ path, before, after, text, mode = '644' }: FileEdit): Act =>
  text === null ? act('drop', path, before) : { name: 'put', args: [path, mode, before, after], input: text }

/** The act that takes a half-made edit back, where the file is what the edit makes of it. `copy`: where the old bytes were kept. */
export const takeBackEdit = ({ path, was, after }: FileEdit, copy: string): Act =>
  was === null ? act('drop_ours', path, after) : act('take_back', path, copy, after)

/** The act that takes a made edit back, and fails where the file is no longer what the edit left. */
export const restoreEdit = ({ path, was, after }: FileEdit, copy: string): Act =>
  was === null ? act('drop', path, after) : act('restore', path, copy, after)

/** The act that says no where `restoreEdit` would, and writes nothing. */
export const checkRestore = ({ path, was, after }: FileEdit, copy: string): Act =>
  act('can_restore', path, was === null ? '' : copy, after)

const sumOf = (text: string | null): string => (text === null ? 'absent' : sha256(text))

/** Says no to giving back the old bytes of a file that is no longer what the earlier edit left. `textOf`: what the file holds now. */
export function editedSince(
  earlier: readonly FileEdit[],
  textOf: (path: string) => string | null | undefined,
): Refusal | undefined {
  const changed = earlier.find(({ path, after }) => sumOf(textOf(path) ?? null) !== after)
  return (
    changed && {
      refused: `${changed.path} is no longer what that change left: giving back its old bytes would lose what was edited since`,
      hint: 'edit it by hand, or take the words out with a new diagnosis',
    }
  )
}
