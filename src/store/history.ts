import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { appendDurably, linesFromEnd } from './line-file.ts'
import { createQueue } from './queue.ts'

/** What has ended, one JSON line each, only ever added to. */
export interface History<T> {
  /** Durable when it resolves. One that is among the newest already is there once: a crash may have come before that was known. */
  append(entry: T): Promise<void>
  /** The newest entries, newest first; with `keep` only those. Reads from the end, so age costs nothing. */
  last(most: number, keep?: (entry: T) => boolean): Promise<readonly T[]>
}

/** How many of the newest stay in memory: those are asked for at every diagnosis. */
const IN_MEMORY = 200
/** Among how many of the newest one that is brought again is looked for. */
const RECENT = 20

/** Opens a history, of which this process is the only writer. Lines that cannot be read (a crash cut the last one) are stepped over, and told to `report` once each. */
export const createHistory = <T>(file: string, schema: z.ZodType<T>, report: (says: string) => void): History<T> => {
  const queue = createQueue()
  const told = new Set<string>()
  let newest: readonly T[] | undefined
  const read = (bytes: Buffer): T | undefined => {
    const text = bytes.toString()
    const entry = parseOr(text)
    const checked = schema.safeParse(entry)
    if (checked.success) return checked.data
    if (!told.has(text))
      report(`${file}: a line of ${bytes.length} bytes cannot be read and is left out: ${text.slice(0, 80)}`)
    told.add(text)
  }
  return {
    append: (entry) =>
      queue(async () => {
        const kept = schema.parse(entry)
        if ((await fromFile(RECENT)).some((one) => isDeepStrictEqual(one, kept))) return
        const cut = !(await endsWhole(file))
        await appendDurably(file, `${cut ? '\n' : ''}${JSON.stringify(kept)}\n`)
        newest = newest && [kept, ...newest].slice(0, IN_MEMORY)
      }),
    last(most, keep) {
      if (keep || most > IN_MEMORY) return fromFile(most, keep)
      return queue(async () => {
        newest ??= await fromFile(IN_MEMORY)
        return newest.slice(0, Math.max(0, most))
      })
    },
  }

  async function fromFile(most: number, keep = (_: T) => true): Promise<readonly T[]> {
    const entries: T[] = []
    if (most <= 0) return entries
    for await (const { bytes } of linesFromEnd(file)) {
      const entry = read(bytes)
      if (entry === undefined || !keep(entry)) continue
      entries.push(entry)
      if (entries.length >= most) break
    }
    return entries
  }
}

const endsWhole = async (file: string): Promise<boolean> => {
  for await (const { whole } of linesFromEnd(file)) return whole
  return true
}

const parseOr = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
