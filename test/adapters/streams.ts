import { PassThrough, Writable } from 'node:stream'

/** An output that keeps what was written, and can be cut. */
export function createCatcher(columns = 80) {
  let text = ''
  const output = Object.assign(
    new Writable({
      write(chunk, _, done) {
        text += chunk
        done()
      },
    }),
    { columns },
  )
  output.on('error', () => undefined)
  return { output, text: () => text, lines: () => text.split('\n').filter(Boolean) }
}

/** An input that a test types into. */
export function createTypist() {
  const input = new PassThrough()
  return { input, type: (line: string) => void input.write(`${line}\n`), end: () => void input.end() }
}

export interface EventLine {
  readonly at: string
  readonly event: string
  readonly message: string | null
  readonly channel: string
  readonly thread: string | null
  readonly to?: string
  readonly card: {
    title: string
    tone: string
    text: string
    change?: string
    state?: string
    digest?: string
    asks?: string
  }
  /** With event `file`, in the place of a card. */
  readonly file?: { readonly name: string; readonly path: string }
}

export const eventsOf = (lines: readonly string[]): EventLine[] => lines.map((line) => JSON.parse(line))
