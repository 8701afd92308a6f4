import pLimit from 'p-limit'
import { OperatorError } from '../../src/errors.ts'
import { visit } from '../../src/think.ts'
import { serversFromInput } from './servers-at.ts'

/** Diagnoses until it has done so many, on the servers of its input: `soak-bot.ts <how many>`, under `--expose-gc`. */
export interface Soaked {
  readonly seconds: number
  readonly reports: number
  readonly errors: Readonly<Record<string, number>>
  /** What was no error for operators. */
  readonly bugs: readonly string[]
  /** Bytes of heap and resident memory after every tenth part, garbage collected. */
  readonly heap: readonly number[]
  readonly resident: readonly number[]
  /** Sockets and timers that are left when all is over and closed. */
  readonly left: readonly string[]
}

const [count = '100'] = process.argv.slice(2)
// A hung node is given up after seconds instead of minutes.
const { nodes, transport } = await serversFromInput({ silenceMs: 1500 })
const gc = globalThis.gc ?? (() => undefined)
const errors: Record<string, number> = {}
const bugs: string[] = []
const heap: number[] = []
const resident: number[] = []
let reports = 0
const began = performance.now()
const one = async (n: number): Promise<void> => {
  const { name } = nodes[n % nodes.length] ?? { name: '' }
  try {
    const { report } = await visit(transport, name, { target: null }, { now: () => new Date() })
    reports += report.results.length > 0 ? 1 : 0
  } catch (error) {
    if (error instanceof OperatorError) errors[error.code] = (errors[error.code] ?? 0) + 1
    else bugs.push(String(error))
  }
}
for (let part = 0; part < 10; part++) {
  const some = pLimit(32)
  await Promise.all(Array.from({ length: Number(count) / 10 }, (_, n) => some(() => one(part * 7919 + n))))
  gc()
  heap.push(process.memoryUsage().heapUsed)
  resident.push(process.memoryUsage.rss())
}
const seconds = (performance.now() - began) / 1000
await transport.close()
await new Promise((resolve) => setTimeout(resolve, 2000))
const left = process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap')
process.stdout.write(`${JSON.stringify({ seconds, reports, errors, bugs, heap, resident, left } satisfies Soaked)}\n`)
process.exit(0)
