import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { OperatorError } from '../errors.ts'
import type { Output } from '../ssh/transport.ts'

/** One call of a function of acts/; `input` is handed to it as base64. */
export interface Act {
  readonly name: string
  readonly args: readonly string[]
  readonly input?: string
}

/**
 * What the acts answered: files by path (null = absent), what was said by key, the files that were left alone because somebody
 * else had edited them, and why file systems that are kept, or hold the flag, could not be had.
 */
export interface ActAnswers {
  readonly files: ReadonlyMap<string, string | null>
  readonly said: ReadonlyMap<string, string>
  readonly left: readonly string[]
  readonly gone: readonly string[]
}

/** A step on the node ended with a reason; what it had not reached is untouched. `why` is the code that acts/ gave. */
export class ActFailed extends OperatorError {
  readonly why: string
  constructor(why: string, words: string) {
    super('act-failed', words)
    this.why = why
  }
}

const ROOMS = ['node', 'files', 'esps', 'trial', 'grub', 'kernels', 'initramfs', 'guests']
const LIBRARY = ROOMS.map((room) => readFileSync(new URL(`./acts/${room}.sh`, import.meta.url), 'utf8')).join('\n')
export const CALLS_BEGIN = '# calls'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
export const act = (name: string, ...args: string[]): Act => ({ name, args })

/** Compare and write: `before` is the text as it has to be now, null for a file that must not exist. */
export const put = (path: string, mode: string, before: string | null, after: string): Act => ({
  name: 'put',
  args: [path, mode, before === null ? 'absent' : sha256(before), sha256(after)],
  input: after,
})

/** A file of lanekeeper's own, which an earlier, half-done run may have left in another form. */
export const anew = (path: string, mode: string, text: string): Act => ({
  name: 'anew',
  args: [path, mode, sha256(text)],
  input: text,
})

/** The act where it can be done; where it cannot, the rest goes on. */
export const ifItCan = ({ name, args, input }: Act): Act => ({
  name: 'if_it_can',
  args: [name, ...args],
  ...(input === undefined ? {} : { input }),
})

/** The acts as one POSIX sh script: the functions, then one call a line. */
export function compileActs(acts: readonly Act[]): string {
  return ['# lanekeeper acts', LIBRARY, CALLS_BEGIN, ...acts.map(callOf), "printf 'done\\n'", ''].join('\n')
}

function callOf({ name, args, input }: Act): string {
  const words = [name, ...args.map(quoted)].join(' ')
  if (input === undefined) return words
  const lines =
    Buffer.from(input)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  return [`${words} <<'LANEKEEPER'`, ...lines, 'LANEKEEPER'].join('\n')
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** Reads what the acts answered. Throws `ActFailed` for a step that said no, `connection-lost` for an answer without an end. */
export function readAnswers({ stdout, stderr }: Output, node: string): ActAnswers {
  const files = new Map<string, string | null>()
  const said = new Map<string, string>()
  const left: string[] = []
  const gone: string[] = []
  let done = false
  for (const line of stdout.toString('utf8').split('\n')) {
    const [kind = '', key = '', ...rest] = line.split(' ')
    const value = rest.join(' ')
    if (kind === 'failed') throw new ActFailed(key, `${node}: ${value}`)
    if (kind === 'file') files.set(key, Buffer.from(value, 'base64').toString('utf8'))
    if (kind === 'absent') files.set(key, null)
    if (kind === 'said') said.set(key, value)
    if (kind === 'left') left.push(line.slice('left '.length))
    if (kind === 'gone') gone.push(line.slice('gone '.length))
    if (line === 'done') done = true
  }
  if (!done) {
    throw new OperatorError(
      'connection-lost',
      `${node} stopped answering in the middle of an act: ${stderr.trim().slice(-200)}`,
    )
  }
  return { files, said, left, gone }
}
