import type { Remedy } from './remedy.ts'

/** A cure that puts on the line what the finding itself says: it knows the right spelling, the right file, the right value. */
export const suggestedRemedy = (id: string, title: string): Remedy => ({
  id,
  title,
  wish: (_facts, { suggests }) =>
    suggests && suggests.add.length + suggests.remove.length > 0
      ? { title, args: suggests, risk: 1, risks: [] }
      : { refused: 'what should stand there instead is not certain enough to write' },
  // That the words are live is checked for every plan.
  uncured: () => [],
})

/** A cure that brings onto the running line what stands in the boot files; the boot chain tells which words that are. */
export const asTheFilesSay = (id: string, title: string): Remedy => ({
  id,
  title,
  wish: () => ({ title, args: { add: [], remove: [] }, risk: 1, risks: [] }),
  uncured: () => [],
})
