import { randomUUID } from 'node:crypto'
import { OperatorError } from '../errors.ts'
import type { Transport } from '../ssh/transport.ts'
import type { Capture } from './capture.ts'
import { type Frame, readFrames } from './frames.ts'
import type { Probe } from './probe.ts'
import { probes as everyProbe } from './probes.ts'
import { compileScript } from './script.ts'

interface Options {
  readonly now: () => Date
  readonly nonce?: string
  readonly timeoutMs?: number
  readonly maxBytes?: number
  /** Only these probes; all of them when left out. */
  readonly probes?: readonly Probe[]
}

/** Looks at a node in one round trip. Either all probes come back, each with what it could tell, or an error does. */
export async function collect(transport: Transport, node: string, options: Options): Promise<Capture> {
  const { now, nonce = randomUUID(), timeoutMs = 120_000, probes = everyProbe } = options
  const maxBytes = options.maxBytes ?? probes.reduce((sum, probe) => sum + probe.maxBytes + 200, 64 * 1024)
  const takenAt = now().toISOString()
  const { stdout, stderr, code } = await transport.run(node, compileScript(probes, nonce), { timeoutMs, maxBytes })
  const frames = readFrames(nonce, stdout)
  if (!frames) {
    const said = stderr.trim().slice(-300)
    throw new OperatorError(
      'connection-lost',
      `${node} was being read, and its answer broke off (exit status ${code}${said ? `: ${said}` : ''})`,
      { hint: 'nothing was changed; ask again, and look at the node and the network if it stays so' },
    )
  }
  const taken = new Map(frames.map((frame) => [frame.name, frame]))
  return {
    node,
    takenAt,
    probes: Object.fromEntries(
      probes.flatMap((probe) => {
        const frame = taken.get(probe.name)
        return frame ? [[probe.name, takenOf(probe, frame)]] : []
      }),
    ),
  }
}

/** Bytes that are not UTF-8 become U+FFFD, so that a parser can tell. */
function takenOf({ seconds, maxBytes }: Probe, { bytes, exit, ms }: Frame) {
  const killed = exit === 137 && ms >= seconds * 1000 - 100
  const cut = bytes.length > maxBytes
  return { exit: killed ? null : exit, ms, cut, text: bytes.subarray(0, maxBytes).toString('utf8') }
}
