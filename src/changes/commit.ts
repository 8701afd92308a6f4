import { wordsOf } from '../errors.ts'
import type { Change, In } from './change.ts'
import { isUnreachable, type Means } from './means.ts'
import { reverted } from './reverted.ts'
import type { ChangeEvent } from './transition.ts'
import { markerOf, notBack } from './verify.ts'

/** Makes a good trial permanent. What the node refuses leads back; what it loses power over is seen and mended. */
export async function commit(change: In<'committing'>, means: Means): Promise<ChangeEvent> {
  const boot = await means.hands.boot(change)
  if (!boot.words.includes(markerOf(change))) return afterPowerCut(change, means, boot.words)
  if (boot.id !== change.trialBootId) return { type: 'not-kept', because: 'the node rebooted during the trial' }
  try {
    await means.hands.keep(change, boot.id)
  } catch (error) {
    if (isUnreachable(error)) throw error
    return { type: 'not-kept', because: wordsOf(error) }
  }
  return { type: 'kept', remains: await clearedAway(change, means) }
}

/** What could not be cleared away after a good commit; the change is kept all the same. */
async function clearedAway(change: Change, { hands }: Means): Promise<string | null> {
  try {
    const remains = await hands.standDown(change)
    return remains.length > 0 ? remains.join('; ') : null
  } catch (error) {
    if (isUnreachable(error)) throw error
    return wordsOf(error)
  }
}

/** The node left the trial boot in the middle of the commit: it either boots the new configuration already, or gets its old one back. */
async function afterPowerCut(change: Change, means: Means, words: readonly string[]): Promise<ChangeEvent> {
  if ((await runsAlready(change, means, words)) && (await keptAlready(change, means))) {
    return { type: 'kept', remains: await clearedAway(change, means) }
  }
  const because = 'it left the trial boot before the change was permanent'
  const left = await means.hands.takeBack(change, true)
  // The new configuration runs already, or somebody edited its file meanwhile: going back says what is not back.
  if (notBack(change, words, left).length > 0) return { type: 'not-kept', because }
  return reverted(change, means.hands, because)
}

/** Whether the boot that runs is of the new configuration: its words, its kernel, and the cause is gone. */
async function runsAlready({ plan }: Change, means: Means, words: readonly string[]): Promise<boolean> {
  const stale = plan.args.remove.some((word) => words.includes(word) && !plan.line.kept.includes(word))
  if (stale || !plan.line.kept.every((word) => words.includes(word))) return false
  const facts = await means.eyes.look(plan.node)
  return facts.uname === plan.kernel && means.uncured(plan, facts).length === 0
}

async function keptAlready(change: Change, { hands }: Means): Promise<boolean> {
  try {
    await hands.keep(change, (await hands.boot(change)).id)
    return true
  } catch (error) {
    if (isUnreachable(error)) throw error
    return false
  }
}
