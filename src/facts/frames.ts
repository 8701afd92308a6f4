/** What one probe printed, as it came back: exact bytes, exit status, milliseconds. */
export interface Frame {
  readonly name: string
  readonly bytes: Buffer
  readonly exit: number
  readonly ms: number
}

/**
 * The marks of a stream. The nonce is fresh for every run, so no output can hold a mark by design or by accident.
 * An end mark is preceded by a newline of its own, which belongs to the mark and not to the bytes.
 */
export const marks = (nonce: string) => ({
  begin: (name: string) => `@lanekeeper ${nonce} begin ${name}\n`,
  end: (name: string, exit: number, ms: number) => `\n@lanekeeper ${nonce} end ${name} ${exit} ${ms}\n`,
  done: `@lanekeeper ${nonce} done\n`,
})

/** The stream of a whole run; what the script prints, and what a simulated node answers with. */
export function writeFrames(nonce: string, frames: readonly Frame[]): Buffer {
  const mark = marks(nonce)
  const parts = frames.flatMap(({ name, bytes, exit, ms }) => [
    Buffer.from(mark.begin(name)),
    bytes,
    Buffer.from(mark.end(name, exit, ms)),
  ])
  return Buffer.concat([...parts, Buffer.from(mark.done)])
}

/** The status of what was killed before it could say how it ended. */
const KILLED = 137

/**
 * Reads a stream back. Noise between frames (a login script that talks) is skipped; null = the stream has no end. A frame without an
 * end of its own goes as far as the next mark: it was killed, or printed so much that its end was cut off.
 */
export function readFrames(nonce: string, stream: Buffer): Frame[] | null {
  const done = Buffer.from(marks(nonce).done)
  const start = Buffer.from(`@lanekeeper ${nonce} begin `)
  const frames: Frame[] = []
  let at = 0
  for (;;) {
    const begin = stream.indexOf(start, at)
    if (begin === -1) return stream.indexOf(done, at) === -1 ? null : frames
    const nameEnd = stream.indexOf('\n', begin)
    if (nameEnd === -1) return null
    const name = stream.toString('latin1', begin + start.length, nameEnd)
    const next = [start, done].map((mark) => stream.indexOf(mark, nameEnd + 1)).filter((found) => found !== -1)
    if (next.length === 0) return null
    const until = Math.min(...next)
    const part = stream.subarray(0, until)
    const endMark = Buffer.from(`\n@lanekeeper ${nonce} end ${name} `)
    const end = part.indexOf(endMark, nameEnd + 1)
    const tailEnd = end === -1 ? -1 : part.indexOf('\n', end + endMark.length)
    if (tailEnd === -1) {
      frames.push({ name, bytes: part.subarray(nameEnd + 1), exit: KILLED, ms: 0 })
      at = until
      continue
    }
    const [exit, ms] = stream
      .toString('latin1', end + endMark.length, tailEnd)
      .split(' ')
      .map(Number)
    if (exit === undefined || ms === undefined || !Number.isInteger(exit)) return null
    frames.push({ name, bytes: stream.subarray(nameEnd + 1, end), exit, ms: Number.isFinite(ms) ? ms : 0 })
    at = tailEnd + 1
  }
}
