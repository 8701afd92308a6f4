import { wordsOf } from '../errors.ts'
import type { In } from './change.ts'
import { isUnreachable, type Means } from './means.ts'
import type { ChangeEvent } from './transition.ts'

/** What no boot has to try: done, and the node looked at again. */
export async function mend(change: In<'mending'>, { hands, eyes, uncured }: Means): Promise<ChangeEvent> {
  try {
    await hands.mend(change)
  } catch (error) {
    if (isUnreachable(error)) throw error
    return { type: 'not-kept', because: wordsOf(error) }
  }
  const wrong = uncured(change.plan, await eyes.look(change.plan.node))
  return wrong.length > 0 ? { type: 'not-kept', because: wrong.join('; ') } : { type: 'kept', remains: null }
}
