import { constants } from 'node:os'
import type { ClientChannel } from 'ssh2'
import { type OperatorError, wordsOf } from '../errors.ts'
import { troubleAt } from './hop.ts'
import type { SshLimits } from './limits.ts'
import type { Link } from './link.ts'
import type { Output, RunLimits } from './transport.ts'

/** The shell could not be started. The script is sent only afterwards, so nothing of it has run. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted'
}

/**
 * Starts a command on the link and hands its channel to `feed` at once: a command that refuses may have ended a moment later.
 * A host that does not answer in time is given up; a late answer gets no script.
 */
export const startShell = <T>(
  link: Link,
  command: string,
  startMs: number,
  signal: AbortSignal,
  feed: (channel: ClientChannel) => Promise<T>,
) =>
  new Promise<T>((resolve, reject) => {
    let over = false
    const end = (act: () => void) => {
      if (over) return
      over = true
      clearTimeout(timer)
      forget()
      signal.removeEventListener('abort', abort)
      act()
    }
    const fail = (why: string) => end(() => reject(new NotStarted(why)))
    const abort = () => end(() => reject(signal.reason))
    const timer = setTimeout(() => fail(`no answer within ${startMs / 1000} s`), startMs)
    const forget = link.onDown(fail)
    signal.addEventListener('abort', abort)
    if (signal.aborted) return abort()
    try {
      link.client.exec(command, (error, channel) => {
        if (error) return fail(error.message)
        if (over) return channel.close()
        end(() => resolve(feed(channel)))
      })
    } catch (error) {
      fail(link.down() ?? wordsOf(error))
    }
  })

/** Sends the script and answers with all that came back. Only an orderly end counts: an exit status, then a closed channel. */
export const feedShell = (
  link: Link,
  channel: ClientChannel,
  script: string,
  { maxBytes, silenceMs }: Pick<RunLimits, 'maxBytes'> & Pick<SshLimits, 'silenceMs'>,
  signal: AbortSignal,
) =>
  new Promise<Output>((resolve, reject) => {
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    let bytes = 0
    let code: number | null = null
    let over = false
    const end = (act: () => void) => {
      if (over) return
      over = true
      clearTimeout(silence)
      forget()
      signal.removeEventListener('abort', abort)
      act()
    }
    const fail = (error: OperatorError) =>
      end(() => {
        channel.close()
        reject(error)
      })
    const abort = () => fail(signal.reason)
    const lost = (why: string) =>
      fail(troubleAt(link.hop, 'connection-lost', `the connection was lost while a script ran (${why})`, LOOK_AGAIN))
    const take = (into: Buffer[]) => (chunk: Buffer) => {
      silence.refresh()
      bytes += chunk.length
      if (over) return
      if (bytes <= maxBytes) return void into.push(chunk)
      fail(troubleAt(link.hop, 'size-limit', `a script printed more than ${maxBytes} bytes and was stopped`, FLOOD))
    }
    const silence = setTimeout(() => {
      const says = `a script printed nothing for ${silenceMs / 1000} s and was given up`
      fail(troubleAt(link.hop, 'time-limit', says, HUNG))
    }, silenceMs)
    const forget = link.onDown(lost)
    signal.addEventListener('abort', abort)
    channel.on('data', take(stdout))
    channel.stderr.on('data', take(stderr))
    channel.on('error', (error: Error) => lost(error.message))
    channel.once('exit', (status: number | null, killer?: string) => {
      code = status ?? 128 + (constants.signals[killer as NodeJS.Signals] ?? 0)
    })
    channel.once('close', () => {
      if (code === null) return lost('the shell ended without an exit status')
      const output = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString(), code }
      end(() => resolve(output))
    })
    if (signal.aborted) return abort()
    channel.end(script)
  })

const LOOK_AGAIN = 'What the script did until then is not known: look at the node again before the next act.'
/** The hint for a script that does not end. */
export const HUNG = 'A command on the node hangs: see its process list and kernel log (storage, a device in reset).'
const FLOOD = 'Look at what floods there, or raise the size limit.'
