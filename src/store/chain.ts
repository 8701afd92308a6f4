import { createHash } from 'node:crypto'
import { z } from 'zod'

/** Number and hash of a line: what the next one is tied to. */
export interface Knot {
  readonly n: number
  readonly hash: string
}

/** What the first line is tied to. */
export const START: Knot = { n: 0, hash: '0'.repeat(64) }

const Line = z.looseObject({ n: z.int().min(1), prev: z.string(), hash: z.string() })
interface Line extends Knot {
  readonly prev: string
  /** The whole of it. */
  readonly says: unknown
}

/** A line as it is written: canonical JSON with the hash of all that it says. */
export const seal = (content: object, last: Knot): { text: string; knot: Knot } => {
  const bare = { ...content, hash: undefined, n: last.n + 1, prev: last.hash }
  const hash = sha256(canonical(bare))
  return { text: canonical({ ...bare, hash }), knot: { n: bare.n, hash } }
}

/** The line in these bytes, or what is wrong with it taken by itself. */
export const unseal = (bytes: Buffer): Line | { why: string } => {
  const text = bytes.toString()
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { why: 'it is not JSON' }
  }
  const checked = Line.safeParse(data)
  if (!checked.success) return { why: 'it has no number or hash' }
  const { hash, ...bare } = checked.data
  const { n, prev } = bare
  if (sha256(canonical(bare)) !== hash) return { why: 'it was changed: its hash does not fit what it says' }
  // bytes that mean the same in JSON are a change, too
  return Buffer.from(canonical(checked.data)).equals(bytes)
    ? { n, prev, hash, says: checked.data }
    : { why: 'it was changed: it is written differently' }
}

/** Why the line cannot follow the one before; null when it does. */
export const breach = (line: Line, last: Knot): string | null => {
  if (line.n !== last.n + 1)
    return `it has number ${line.n} where ${last.n + 1} belongs: lines were removed, inserted or moved`
  return line.prev === last.hash ? null : 'it does not follow the line before: one of them was replaced'
}

export type ChainVerdict = { ok: true; lines: number } | { ok: false; line: number; why: string }

/** Follows the chain from its start to where the head says it ends; one line more is what a crash may leave. */
export const judgeChain = (lines: readonly Buffer[], unfinished: Buffer, head: Knot | null): ChainVerdict => {
  let last = START
  let before = START
  const broken = (line: number, why: string): ChainVerdict => ({ ok: false, line, why })
  for (const bytes of lines) {
    const line = unseal(bytes)
    if ('why' in line) return broken(last.n + 1, line.why)
    const why = breach(line, last)
    if (why !== null) return broken(last.n + 1, why)
    before = last
    last = { n: line.n, hash: line.hash }
  }
  const isEnd = ({ n, hash }: Knot) => n === head?.n && hash === head.hash
  if (head === null) return broken(last.n, 'the head file is not readable, so a cut end could not be seen')
  if (head.n > last.n) return broken(last.n + 1, `the end is cut off: the head knows ${head.n} lines`)
  if (unfinished.length > 0)
    return broken(last.n + 1, 'it is unfinished: a crash while writing. The next entry moves it aside and says so')
  return isEnd(last) || isEnd(before)
    ? { ok: true, lines: last.n }
    : broken(last.n, 'it is not the line that the head knows')
}

/** The head as it is written; read back, null when it was tampered with. Without a file it is the start. */
export const headText = ({ n, hash }: Knot): string => `${canonical({ n, hash })}\n`
export const parseHead = (bytes: Buffer | null): Knot | null => {
  if (bytes === null) return START
  const found = /^\{"hash":"([0-9a-f]{64})","n":([1-9]\d*)\}\n$/.exec(bytes.toString())
  return found ? { n: Number(found[2]), hash: found[1] ?? '' } : null
}

/** JSON with sorted keys, so that the same content always gives the same bytes. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(JSON.parse(JSON.stringify(value))))

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
