import { parentPort, workerData } from 'node:worker_threads'
import { scenarios } from '../../src/simulator/scenario.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'

/** How to reach the simulated node of this thread. */
export interface NodeAt {
  readonly port: number
  readonly hostKey: string
  readonly keyFile: string
}

/** A simulated node in a thread of its own: what it takes to answer is not time of the bot. */
const { folder } = workerData as { folder: string }
const simulator = await startSimulator(folder, { played: scenarios.slice(0, 1) })
const [one] = simulator.nodes
if (!one) throw new Error('nothing is simulated')
const { port, hostKey } = one.server
parentPort?.postMessage({ port, hostKey, keyFile: simulator.keyFile } satisfies NodeAt)
