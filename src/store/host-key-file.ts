import { z } from 'zod'
import { OperatorError } from '../errors.ts'
import { type HostKeys, isKey } from '../ssh/host-keys.ts'
import { readIfThere, writeDurably } from './durable-file.ts'
import { parse } from './lowdb-store.ts'
import { createQueue } from './queue.ts'

const PinnedKeys = z.record(z.string(), z.string().refine(isKey, 'not a host key: expected "type base64"'))

/** Pinned host keys in a JSON file, read at every look, so that `lanekeeper trust` works beside a running bot. */
export const createHostKeyFile = (file: string): HostKeys => {
  const queue = createQueue()
  const read = async () => {
    const text = await readIfThere(file)
    return new Map(Object.entries(text === null ? {} : parse(file, text.toString(), PinnedKeys)))
  }
  return {
    get: async (name) => (await read()).get(name) ?? null,
    pin: (name, key) =>
      queue(async () => {
        if (!isKey(key)) throw new OperatorError('store-invalid', `${name}: this is no host key: ${key}`)
        const keys = (await read()).set(name, key)
        await writeDurably(file, `${JSON.stringify(Object.fromEntries(keys), null, 2)}\n`)
      }),
  }
}
