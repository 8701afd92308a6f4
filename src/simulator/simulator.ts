import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { type SimulatedNode, simulateNode } from './node.ts'
import type { Pace } from './pace.ts'
import { type Scenario, scenarios } from './scenario.ts'
import { type NodeServer, serveNode } from './server.ts'

export interface Simulator {
  readonly nodes: readonly { readonly scenario: Scenario; readonly node: SimulatedNode; readonly server: NodeServer }[]
  /** The private key that opens every one of them. */
  readonly keyFile: string
  close(): Promise<void>
}

const DEMO_PACE: Pace = { boot: 4000, second: 1000 }

/** Starts nodes that are not there, on loopback, each with a host key of its own. `folder` gets the client's key. */
export async function startSimulator(
  folder: string,
  { played = scenarios, pace = DEMO_PACE }: { played?: readonly Scenario[]; pace?: Pace } = {},
): Promise<Simulator> {
  const keys = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
  await mkdir(folder, { recursive: true })
  const keyFile = join(folder, 'simulator-key')
  await writeFile(keyFile, keys.private, { mode: 0o600 })
  const nodes = await Promise.all(
    played.map(async (scenario) => {
      const node = simulateNode(scenario, pace)
      return { scenario, node, server: await serveNode(node, keys.public) }
    }),
  )
  return {
    nodes,
    keyFile,
    close: async () => {
      await Promise.all(nodes.map(({ server }) => server.close()))
    },
  }
}
