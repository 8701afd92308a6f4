import { mkdirSync, readdirSync } from 'node:fs'
import { OperatorError, wordsOf } from '../errors.ts'
import { writeCapture } from '../facts/capture-folder.ts'
import { collect } from '../facts/collect.ts'
import { maskCapture } from '../facts/mask.ts'
import type { Transport } from '../ssh/transport.ts'

/** Looks at a node once and writes the masked capture into a new folder; gives that folder. */
export async function record(
  transport: Transport,
  node: string,
  folder: string | undefined,
  now: () => Date,
): Promise<string> {
  const target = folder ?? `capture-${node}-${now().toISOString().slice(0, 16).replaceAll(':', '')}`
  makeEmpty(target)
  await writeCapture(target, maskCapture(await collect(transport, node, { now })))
  return target
}

/** Before the node is asked anything: a new folder, or an empty one. */
function makeEmpty(folder: string): void {
  let files: string[]
  try {
    mkdirSync(folder, { recursive: true })
    files = readdirSync(folder)
  } catch (cause) {
    const hint = 'name a new folder in a place you may write to'
    throw new OperatorError('usage', `the folder ${folder} cannot be made: ${wordsOf(cause)}`, { hint, cause })
  }
  if (files.length > 0)
    throw new OperatorError('usage', `${folder} exists and is not empty`, {
      hint: 'name a new folder: captures are never mixed',
    })
}
