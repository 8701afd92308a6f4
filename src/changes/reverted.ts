import type { Change } from './change.ts'
import type { Hands } from './ports.ts'
import type { ChangeEvent } from './transition.ts'

/** Clears away what is left of a trial that is over, on a node that went back by itself. */
export async function reverted(change: Change, hands: Hands, because: string): Promise<ChangeEvent> {
  const remains = await hands.standDown(change)
  return { type: 'reverted', because: [because, ...remains].join('; ') }
}
