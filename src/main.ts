import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { createConsoleAdapter } from '../adapters/console/index.ts'
import { commands } from '../commands/index.ts'
import { createAudit } from './audit.ts'
import { demoCard } from './cards/welcome-card.ts'
import { Change } from './changes/change.ts'
import type { Tell } from './changes/ports.ts'
import { CardRecord } from './chat/card-record.ts'
import { createNotifier } from './chat/notifier.ts'
import { createRouter } from './chat/router.ts'
import type { Config } from './config.ts'
import type { Core, NodeInfo } from './core.ts'
import { createEngine } from './engine.ts'
import { OperatorError } from './errors.ts'
import { createLog } from './log.ts'
import { rules } from './rules/index.ts'
import { startSimulator } from './simulator/simulator.ts'
import type { NodeAccess } from './ssh/access.ts'
import type { HostKeys } from './ssh/host-keys.ts'
import { createSshTransport } from './ssh/ssh-transport.ts'
import type { Transport } from './ssh/transport.ts'
import { createHistory } from './store/history.ts'
import { createHostKeyFile } from './store/host-key-file.ts'
import { lockDataFolder } from './store/lock.ts'
import { createLowdbStore } from './store/lowdb-store.ts'

/** The whole program, built and joined, with nothing started yet but what a diagnosis needs. */
export interface Lanekeeper {
  readonly core: Core
  readonly config: Config
  readonly transport: Transport
  /** Talks until the input is over and nothing is on its way any more, or somebody quits. One process per data folder. */
  serve(streams: {
    events: boolean
    input: Readable & { isTTY?: boolean }
    output: Writable & { isTTY?: boolean; columns?: number }
  }): Promise<void>
  close(): Promise<void>
}

/** Milliseconds between two looks at a node that is on its way, and between two looks at the clock. */
const PAUSE_MS = 2000
const TICK_MS = 5000

/** Builds every part and joins them; the only place that knows them all. */
export async function createLanekeeper(config: Config): Promise<Lanekeeper> {
  const log = createLog(config.logLevel)
  const now = () => new Date()
  const reach = await reachNodes(config)
  const store = await createLowdbStore(join(config.data, 'changes.json'), Change)
  const closed = createHistory(join(config.data, 'history.jsonl'), Change, (says) => log.warn({}, says))
  const audit = createAudit(join(config.data, 'audit.jsonl'), { now })
  // The notifier needs the chats, and the chats are chosen when serving starts.
  const listeners: Tell[] = []
  const tell: Tell = {
    changed: (change, previous) => {
      for (const listener of listeners) listener.changed(change, previous)
    },
    rescue: async (change) => {
      if (listeners.length === 0) throw new OperatorError('act-failed', 'no chat is there to take the rescue text')
      await Promise.all(listeners.map((listener) => listener.rescue(change)))
    },
  }
  const { core, runner } = createEngine({
    transport: reach.transport,
    nodes: reach.nodes,
    policy: () => config.policy,
    store,
    closed,
    audit: (line) => audit.append(line),
    tell,
    now,
    pauseMs: config.demo ? 500 : PAUSE_MS,
    trouble: (change, error) =>
      log.error({ err: error, change: change.id, state: change.state }, 'a step could not be done'),
  })

  return {
    core,
    config,
    transport: reach.transport,
    async serve({ events, input, output }) {
      const release = await lockDataFolder(config.data, (error) => {
        log.fatal({ err: error }, 'the lock on the data folder is lost: stopping at once')
        process.exit(1)
      })
      const chat = createConsoleAdapter({
        people: config.console.people,
        channel: config.console.channel,
        commands,
        input,
        output,
        mode: events ? 'events' : input.isTTY && output.isTTY ? 'terminal' : 'plain',
        idsFile: join(config.data, 'console-ids'),
        nodes: () => reach.nodes.map(({ name }) => name),
        rules: rules.map(({ id }) => id),
        colour: config.colour,
        ...(config.demo && !events && { welcome: demoCard(reach.nodes) }),
      })
      const notifier = createNotifier({
        adapters: [chat],
        cards: await createLowdbStore(join(config.data, 'cards.json'), CardRecord),
        incidentChannels: [{ adapter: chat.name, channel: config.console.incidents }],
        policy: config.policy,
        log,
      })
      listeners.push(notifier)
      const router = createRouter({ core, commands, notifier, log })
      await chat.start(router.receive(chat))
      await notifier.resume([...(await core.live()), ...(await core.history(20))])
      await runner.resume()
      const clock = setInterval(() => void runner.resume(), TICK_MS)
      const how = await chat.ended
      await router.idle()
      if (how === 'input over') await runner.settled()
      clearInterval(clock)
      await runner.stop()
      await notifier.stop()
      await chat.stop()
      await release()
    },
    async close() {
      await runner.stop()
      await reach.close()
    },
  }
}

interface Reach {
  readonly transport: Transport
  readonly nodes: readonly NodeInfo[]
  close(): Promise<void>
}

/** The nodes of the configuration over SSH; without one, nodes that are simulated on loopback, over SSH all the same. */
async function reachNodes(config: Config): Promise<Reach> {
  if (!config.demo) {
    const transport = createSshTransport({
      nodes: config.nodes,
      hostKeys: createHostKeyFile(join(config.data, 'host-keys.json')),
    })
    const nodes = Object.entries(config.nodes).map(([name, { host, port }]) => ({
      name,
      about: `${host}:${port}`,
      simulated: false,
    }))
    return { transport, nodes, close: () => transport.close() }
  }
  const simulator = await startSimulator(config.data)
  const pinned = new Map(simulator.nodes.map(({ scenario, server }) => [scenario.node, server.hostKey]))
  const hostKeys: HostKeys = {
    get: async (name) => pinned.get(name) ?? null,
    pin: async (name, key) => void pinned.set(name, key),
  }
  const transport = createSshTransport({
    hostKeys,
    nodes: Object.fromEntries(
      simulator.nodes.map(({ scenario, server }): [string, NodeAccess] => [
        scenario.node,
        { host: '127.0.0.1', port: server.port, user: 'root', keyFile: simulator.keyFile, sudo: false },
      ]),
    ),
  })
  const nodes = simulator.nodes.map(({ scenario }) => ({ name: scenario.node, about: scenario.about, simulated: true }))
  const close = async () => {
    await transport.close()
    await simulator.close()
  }
  return { transport, nodes, close }
}
