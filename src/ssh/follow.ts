import { createInterface } from 'node:readline'
import { Transform } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { troubleAt } from './hop.ts'
import type { Link } from './link.ts'

/** A line that is longer is no line of a log; what floods without an end of line is given up. */
const LONGEST_LINE = 64 * 1024

/** Feeds the script and hands over its lines as they come, until it ends, the connection is lost, or `stop` is aborted. */
export const followShell = (
  link: Link,
  channel: ClientChannel,
  script: string,
  heard: (line: string) => void,
  stop: AbortSignal,
) =>
  new Promise<void>((resolve, reject) => {
    const lines = createInterface({ input: channel.pipe(withoutFlood(() => lost('it printed a line without an end'))) })
    let over = false
    const end = (act: () => void) => {
      if (over) return
      over = true
      forget()
      stop.removeEventListener('abort', abort)
      lines.close()
      channel.close()
      act()
    }
    const lost = (why: string) =>
      end(() => reject(troubleAt(link.hop, 'connection-lost', `it was followed, and no more (${why})`, AGAIN)))
    const abort = () => end(resolve)
    const forget = link.onDown(lost)
    stop.addEventListener('abort', abort)
    lines.on('line', heard)
    channel.stderr.resume()
    channel.on('error', (error: Error) => lost(error.message))
    channel.once('close', () => lost('the shell ended'))
    if (stop.aborted) return abort()
    channel.write(script)
  })

const AGAIN = 'It is tried again by itself.'

/** Lets lines through, and tells when one has no end. */
const withoutFlood = (flooded: () => void): Transform => {
  let since = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const last = chunk.lastIndexOf('\n')
      since = last < 0 ? since + chunk.length : chunk.length - last - 1
      if (since > LONGEST_LINE) flooded()
      done(null, chunk)
    },
  })
}
