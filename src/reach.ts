import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config.ts'
import type { NodeInfo } from './core.ts'
import { withMembers } from './discovering.ts'
import { startSimulator } from './simulator/simulator.ts'
import type { NodeAccess } from './ssh/access.ts'
import type { HostKeys } from './ssh/host-keys.ts'
import { createSshTransport } from './ssh/ssh-transport.ts'
import type { Follower, Transport } from './ssh/transport.ts'
import { createHostKeyFile } from './store/host-key-file.ts'
import { type Database, openDatabase } from './store/postgres/database.ts'
import { createPgHostKeys } from './store/postgres/host-keys.ts'

/** The way to the nodes, and what they are called. */
export interface Reach {
  readonly transport: Transport & Follower
  /** The way that changes take: with keys of their own where the configuration names some. */
  readonly acting: Transport
  readonly nodes: readonly NodeInfo[]
  close(): Promise<void>
}

/** Where the host keys of a configuration's nodes are pinned. */
export function hostKeysOf({ databaseUrl: url, data }: Config): HostKeys {
  if (url === null) return createHostKeyFile(join(data, 'host-keys.json'))
  let database: Promise<Database> | undefined
  return createPgHostKeys(() => {
    // A server that was away is asked again.
    database ??= openDatabase(url).catch((error) => {
      database = undefined
      throw error
    })
    return database
  })
}

/** The configuration with the members of its clusters, where a node is to name them. `trouble`: a node that could not be asked. */
export async function wholeConfig(
  config: Config,
  trouble: (node: string, because: string) => void = () => undefined,
): Promise<Config> {
  if (!Object.values(config.fleet).some(({ discover }) => discover)) return config
  const transport = createSshTransport({ nodes: config.nodes, hostKeys: hostKeysOf(config) })
  try {
    return await withMembers(config, { transport, now: () => new Date(), trouble })
  } finally {
    await transport.close()
  }
}

/** The nodes of the configuration over SSH; without one, nodes that are simulated on loopback, over SSH all the same. */
export async function reachNodes(config: Config): Promise<Reach> {
  if (config.demo) return reachSimulated()
  const hostKeys = hostKeysOf(config)
  const transport = createSshTransport({ nodes: config.nodes, hostKeys })
  const apart = Object.entries(config.changing).some(([name, { keyFile }]) => keyFile !== config.nodes[name]?.keyFile)
  const acting = apart ? createSshTransport({ nodes: config.changing, hostKeys }) : transport
  const nodes = Object.entries(config.nodes).map(([name, { host, port }]) => ({
    name,
    labels: config.fleet[name]?.labels ?? [],
    about: `${host}:${port}`,
    simulated: false,
  }))
  return { transport, acting, nodes, close: async () => void (await Promise.all([transport.close(), acting.close()])) }
}

/** Every process has simulated nodes of its own, and a key to them that is gone with it. */
async function reachSimulated(): Promise<Reach> {
  const folder = await mkdtemp(join(tmpdir(), 'lanekeeper-demo-'))
  const simulator = await startSimulator(folder)
  const pinned = new Map(simulator.nodes.map(({ scenario, server }) => [scenario.node, server.hostKey]))
  const hostKeys: HostKeys = {
    get: async (name) => pinned.get(name) ?? null,
    pin: async (name, key) => void pinned.set(name, key),
  }
  const access = simulator.nodes.map(({ scenario, server }): [string, NodeAccess] => [
    scenario.node,
    { host: '127.0.0.1', port: server.port, user: 'root', keyFile: simulator.keyFile, sudo: false },
  ])
  const transport = createSshTransport({ nodes: Object.fromEntries(access), hostKeys })
  return {
    transport,
    acting: transport,
    nodes: simulator.nodes.map(({ scenario: { node, about, loader } }) => ({
      name: node,
      about,
      simulated: true,
      labels: [loader],
    })),
    close: async () => {
      await transport.close()
      await simulator.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
