import { type Act, act, compileActs } from './act-script.ts'
import type { TrialOrder } from './chain.ts'
import { checkRestore, restoreEdit } from './file-edit.ts'
import { guardGoes } from './grub-trial.ts'
import { keptCopy } from './kept.ts'

/**
 * What a person runs on the node to take a change back without the bot. First no boot starts the trial any more (`disarm`); then
 * all files are looked at before the first is written; the guard stays until they are back; `generate` writes what boots.
 */
export function undoScript(order: TrialOrder, disarm: readonly Act[], generate: Act): string {
  const { changeId, edits, work } = order
  const files = edits.map((edit) => [edit, keptCopy(changeId, edit.path)] as const)
  return compileActs([
    act('alone'),
    ...disarm,
    ...files.map(([edit, copy]) => checkRestore(edit, copy)),
    ...files.map(([edit, copy]) => restoreEdit(edit, copy)),
    ...work.takeBack,
    guardGoes(order),
    generate,
  ])
}
