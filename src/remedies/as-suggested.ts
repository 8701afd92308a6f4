import type { Remedy } from '../changes/remedy.ts'

/** Cures that put on the line what the finding itself says: it knows the right spelling, the right file, the right value. */
const asSuggested = (id: string, title: string): Remedy => ({
  id,
  title,
  wish: (_facts, { suggests }) =>
    suggests && suggests.add.length + suggests.remove.length > 0
      ? { title, args: suggests, risk: 1, risks: [] }
      : { refused: 'what should stand there instead is not certain enough to write' },
  // That the words are live is checked for every plan.
  uncured: () => [],
})

export const correctArgument = asSuggested('correct-argument', 'Correct a misspelt argument')
export const moveArguments = asSuggested('move-arguments', 'Put the arguments where this node boots from')
export const dropArgument = asSuggested('drop-argument', 'Drop an argument that does nothing here')
export const passthroughMode = asSuggested('passthrough-mode', 'Let the host use the IOMMU in passthrough mode')
