import { createHash } from 'node:crypto'
import { OperatorError } from './errors.ts'
import { type Audit, type AuditEntry, AuditLine } from './store/audit-port.ts'
import { breach, headText, judgeChain, type Knot, parseHead, seal, unseal } from './store/chain.ts'
import { readIfThere, writeDurably } from './store/durable-file.ts'
import { appendDurably, cutDurably, linesFromEnd, splitLines } from './store/line-file.ts'
import { createQueue } from './store/queue.ts'

/**
 * Keeps a chain of lines, each with the hash of the one before, and in `<file>.head` the last one's number and hash. `verify` finds any
 * byte changed, lines removed, inserted or moved, and an end cut off. It cannot find that somebody who may write both files rewrote the
 * lines from some point on, or added some, computing hashes and head anew.
 */
export const createAudit = (file: string, { now }: { now: () => Date }): Audit => {
  const queue = createQueue()
  const headFile = `${file}.head`

  const add = async (entry: AuditEntry, last: Knot): Promise<Knot> => {
    const { text, knot } = seal({ ...entry, at: now().toISOString() }, last)
    await appendDurably(file, `${text}\n`)
    await writeDurably(headFile, headText(knot))
    return knot
  }

  return {
    append: (entry) =>
      queue(async () => {
        const { last, remnant } = await findEnd(file, headFile)
        if (!remnant) return void (await add(entry, last))
        const kept = await moveAside(file, remnant)
        const noted = await add(
          { actor: 'lanekeeper', act: 'audit-remnant', detail: { bytes: remnant.length, kept } },
          last,
        )
        await add(entry, noted)
      }),
    last: (most) =>
      queue(async () => {
        const found: AuditLine[] = []
        for await (const { bytes, whole } of linesFromEnd(file)) {
          if (found.length === most) break
          // The beginning of a line that a crash cut is no line.
          if (whole) found.push(readLine(file, bytes))
        }
        return found
      }),
    verify: () =>
      queue(async () => {
        // another process may be writing: head and lines belong together only if the head is the same before and after
        for (let head = await readIfThere(headFile); ; ) {
          const lines = splitLines((await readIfThere(file)) ?? NOTHING)
          const again = await readIfThere(headFile)
          if (Buffer.compare(again ?? NOTHING, head ?? NOTHING) === 0)
            return judgeChain(lines.slice(0, -1), lines.at(-1) ?? NOTHING, parseHead(head))
          head = again
        }
      }),
  }
}

/** Where to go on. Repaired is only what a crash can have left: one line more than the head knows, or the beginning of one. */
const findEnd = async (file: string, headFile: string): Promise<{ last: Knot; remnant: Buffer | null }> => {
  const [newest, second] = await lastTwo(file)
  const remnant = newest && !newest.whole ? newest.bytes : null
  const bytes = remnant ? second?.bytes : newest?.bytes
  const head = parseHead(await readIfThere(headFile))
  if (head === null) throw broken(file, `${headFile} is not readable`)
  if (!bytes) {
    if (head.n > 0) throw broken(file, `it is empty, but its head knows ${head.n} lines`)
    return { last: head, remnant }
  }
  const line = unseal(bytes)
  if ('why' in line) throw broken(file, `its last line is wrong: ${line.why}`)
  const last = { n: line.n, hash: line.hash }
  if (last.n === head.n && last.hash === head.hash) return { last, remnant }
  if (remnant || breach(line, head) !== null) throw broken(file, 'its end is not the one that its head knows')
  await writeDurably(headFile, headText(last))
  return { last, remnant }
}

const readLine = (file: string, bytes: Buffer): AuditLine => {
  const line = unseal(bytes)
  if ('why' in line) throw broken(file, `one of its last lines is wrong: ${line.why}`)
  return AuditLine.parse(line.says)
}

const lastTwo = async (file: string) => {
  const found: { bytes: Buffer; whole: boolean }[] = []
  for await (const line of linesFromEnd(file)) if (found.push(line) === 2) break
  return found
}

/** Keeps the beginning of a line that a crash cut, and takes it off the chain. */
const moveAside = async (file: string, remnant: Buffer): Promise<string> => {
  const kept = `${file}.remnant-${createHash('sha256').update(remnant).digest('hex').slice(0, 8)}`
  await writeDurably(kept, remnant)
  await cutDurably(file, remnant.length)
  return kept
}

const broken = (file: string, says: string) =>
  new OperatorError('audit-broken', `${file}: ${says}`, {
    hint: `Nothing is changed on any node while the audit is broken. Look into it; to start a new chain, move ${file} and ${file}.head away (keep them).`,
  })

const NOTHING = Buffer.alloc(0)
