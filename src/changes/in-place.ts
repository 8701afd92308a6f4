import { type Act, act, anew, compileActs } from '../boot/act-script.ts'
import { carryOutEdit, checkRestore, restoreEdit, takeBackEdit } from '../boot/file-edit.ts'
import { keptCopy, keptIn } from '../boot/kept.ts'
import type { Change } from './change.ts'
import type { JobActs } from './job.ts'

/** The acts of a change that no boot has to try: copies first, then compare and write, and the way back. Pure. */
export interface InPlaceActs {
  /** Copies of what will be changed, and undo.sh. Changes nothing that acts. */
  readonly prepare: readonly Act[]
  readonly perform: readonly Act[]
  readonly takeBack: readonly Act[]
}

/** Compiles the acts of such a change, in the boot its plan was made in and in no other. */
export function inPlaceActs({ id, plan }: Change, bootId: string, jobs: JobActs): InPlaceActs {
  const copy = (path: string) => keptCopy(id, path)
  const sameBoot = act('same_boot', bootId)
  const undo = compileActs([
    act('alone'),
    // All files are looked at before the first is written.
    ...plan.edits.map((edit) => checkRestore(edit, copy(edit.path))),
    ...jobs.takeBack,
    ...plan.edits.toReversed().map((edit) => restoreEdit(edit, copy(edit.path))),
  ])
  return {
    prepare: [
      sameBoot,
      ...plan.edits.map(({ path, before }) => act('expect', path, before)),
      ...plan.edits.map(({ path }) => act('keep', path, copy(path))),
      ...jobs.prepare,
      anew(`${keptIn(id)}/undo.sh`, '700', undo),
    ],
    perform: [sameBoot, ...plan.edits.map(carryOutEdit), ...jobs.perform],
    takeBack: [...jobs.takeBack, ...plan.edits.toReversed().map((edit) => takeBackEdit(edit, copy(edit.path)))],
  }
}
