import type { Remedy } from '../changes/remedy.ts'

/** Taking a kept change back. No finding asks for it; that its words are off the running line is checked for every plan. */
export const takeBack: Remedy = {
  id: 'take-back',
  title: 'Take a kept change back',
  wish: () => ({ refused: 'taking back is asked for by /pcie undo, never by a finding' }),
  uncured: () => [],
}
