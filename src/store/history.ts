import type { z } from 'zod'
import { appendDurably, linesFromEnd } from './line-file.ts'
import { createQueue } from './queue.ts'

/** What has ended, one JSON line each, only ever added to. */
export interface History<T> {
  /** Durable when it resolves. */
  append(entry: T): Promise<void>
  /** The newest entries, newest first; with `keep` only those. Reads from the end, so age costs nothing. */
  last(most: number, keep?: (entry: T) => boolean): Promise<readonly T[]>
}

/** Opens a history. Lines that cannot be read (a crash cut the last one) are stepped over, and told to `report` once each. */
export const createHistory = <T>(file: string, schema: z.ZodType<T>, report: (says: string) => void): History<T> => {
  const queue = createQueue()
  const told = new Set<string>()
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
        const cut = !(await endsWhole(file))
        await appendDurably(file, `${cut ? '\n' : ''}${JSON.stringify(schema.parse(entry))}\n`)
      }),
    async last(most, keep = () => true) {
      const entries: T[] = []
      if (most <= 0) return entries
      for await (const { bytes } of linesFromEnd(file)) {
        const entry = read(bytes)
        if (entry === undefined || !keep(entry)) continue
        entries.push(entry)
        if (entries.length >= most) break
      }
      return entries
    },
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
