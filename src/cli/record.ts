import { existsSync, readdirSync } from 'node:fs'
import { OperatorError } from '../errors.ts'
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
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new OperatorError('usage', `${target} exists and is not empty`, {
      hint: 'name a new folder: captures are never mixed',
    })
  await writeCapture(target, maskCapture(await collect(transport, node, { now })))
  return target
}
