import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { RoomEvent, View } from './view.ts'
import { write } from './write.ts'

/** A room without a terminal: lines in, whatever `say` makes of an event out. */
export function createLinesView(input: Readable, output: Writable, say: (event: RoomEvent) => string): View {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, terminal: false })
  lines.pause()
  return {
    show: (event) => write(output, say(event)),
    listen(hear, over) {
      lines.on('line', hear)
      lines.once('close', () => over(false))
      lines.resume()
    },
    person: () => undefined,
    busy: () => () => undefined,
    stop: () => lines.close(),
  }
}
