import { readFileSync } from 'node:fs'
import type { Probe } from './probe.ts'

type Runnable = Pick<Probe, 'name' | 'snippet' | 'seconds' | 'maxBytes' | 'slow'>

const frame = bare(readFileSync(new URL('./script.sh', import.meta.url), 'utf8'))

/**
 * One POSIX sh script for all probes of a visit, for the standard input of one `sh`. It only reads: the slow probes run
 * beside the others and their output waits in pipes, never in files; the others share a shell. Nothing runs before the whole script has arrived.
 */
export function compileScript(probes: readonly Runnable[], nonce: string): string {
  if (!/^[0-9A-Za-z-]{8,64}$/.test(nonce)) throw new Error(`not a nonce: ${nonce}`)
  return [
    `# lanekeeper probes ${nonce} ${probes.map(({ name }) => name).join(' ')}`,
    `nonce=${nonce}`,
    scriptBody(probes),
    'exit 0',
    '',
  ].join('\n')
}

/** The script for a shell in which $nonce is set already; what it prints is marked with that. */
export function scriptBody(probes: readonly Runnable[]): string {
  const quick = probes.filter(({ slow }) => !slow)
  const beside = probes
    .filter(({ slow }) => slow)
    .reduce((rest, each) => `${call([each])} | {\n${rest}\ncat\n}`, quick.length > 0 ? call(quick) : ':')
  return [
    '# shellcheck disable=SC2016',
    'main() {',
    frame,
    beside,
    'printf \'@lanekeeper %s done\\n\' "$nonce"',
    '}',
    'main 2>/dev/null',
  ].join('\n')
}

/** The text of a snippet that lies beside its probe. */
export const snippetFile = (name: string): string =>
  readFileSync(new URL(`./probes/${name}.sh`, import.meta.url), 'utf8')

/** Those that share a shell have a third more time for all of them than the one that may take longest. */
function call(probes: readonly Runnable[]): string {
  const longest = Math.max(...probes.map(({ seconds }) => seconds))
  const limit = probes.length === 1 ? longest : Math.ceil((longest * 4) / 3)
  // One byte more than allowed tells a cut output from one that fits exactly.
  const words = probes.map(
    ({ name, seconds, maxBytes, snippet }) => `${name} ${seconds} ${maxBytes + 1} ${quoted(bare(snippet))}`,
  )
  return [`probes ${limit}`, ...words].join(' \\\n')
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

function bare(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .map((line) => line.trimStart())
    .join('\n')
    .trim()
}
