import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { createConsoleAdapter } from '../adapters/console/index.ts'
import { commands } from '../commands/index.ts'
import { createAudit } from './audit.ts'
import { demoCard } from './cards/welcome-card.ts'
import { Change } from './changes/change.ts'
import { CardRecord } from './chat/card-record.ts'
import { createNotifier } from './chat/notifier.ts'
import { createRouter } from './chat/router.ts'
import type { Config } from './config.ts'
import { createEngine } from './engine.ts'
import { createLog, type Log } from './log.ts'
import { type Reach, reachNodes } from './reach.ts'
import { rules } from './rules/index.ts'
import { createHistory } from './store/history.ts'
import { lockDataFolder } from './store/lock.ts'
import { createLowdbStore } from './store/lowdb-store.ts'

export interface Streams {
  readonly input: Readable & { isTTY?: boolean }
  readonly output: Writable & { isTTY?: boolean; columns?: number }
  /** Lines of JSON for a program instead of a room for a person. */
  readonly events: boolean
}

/** Milliseconds between two looks at a node that is on its way, on real nodes and simulated ones; and at the clock. */
const PAUSE_MS = 2000
const DEMO_PAUSE_MS = 500
const TICK_MS = 5000

/**
 * Builds every part and joins them, and talks until nobody says anything more: somebody quit, `stop` came, or the input is over
 * and nothing is under way. One process per data folder; what is under way then goes on at the next start.
 */
export async function serve(config: Config, streams: Streams, stop: AbortSignal): Promise<void> {
  const log = createLog(config.logLevel)
  const release = await lockDataFolder(config.data, (error) => {
    log.fatal({ err: error }, 'the lock on the data folder is lost: stopping at once')
    process.exit(1)
  })
  const reach = await reachNodes(config)
  try {
    await talk(config, streams, { stop, log, reach })
  } finally {
    await reach.close()
    await release()
  }
}

async function talk(
  config: Config,
  streams: Streams,
  { stop, log, reach }: { stop: AbortSignal; log: Log; reach: Reach },
) {
  const file = (name: string) => join(config.data, name)
  const now = () => new Date()
  const chat = consoleChat(config, streams, reach)
  const notifier = createNotifier({
    adapters: [chat],
    cards: await createLowdbStore(file('cards.json'), CardRecord),
    incidentChannels: [{ adapter: chat.name, channel: config.console.incidents }],
    policy: config.policy,
    log,
  })
  const audit = createAudit(file('audit.jsonl'), { now })
  const { core, runner } = createEngine({
    transport: reach.transport,
    nodes: reach.nodes,
    policy: () => config.policy,
    store: await createLowdbStore(file('changes.json'), Change),
    closed: createHistory(file('history.jsonl'), Change, (says) => log.warn({}, says)),
    audit: (line) => audit.append(line),
    tell: notifier,
    now,
    pauseMs: config.demo ? DEMO_PAUSE_MS : PAUSE_MS,
    trouble: ({ id, state }, error) => log.error({ err: error, change: id, state }, 'a step could not be done'),
  })
  const router = createRouter({ core, commands, notifier, log })
  await chat.start(router.receive(chat))
  await notifier.resume([...(await core.live()), ...(await core.history(20))])
  await runner.resume()
  const clock = setInterval(() => void runner.resume(), TICK_MS)
  const stopped = new Promise<'stopped'>((resolve) => stop.addEventListener('abort', () => resolve('stopped')))
  const how = await Promise.race([chat.ended, stopped])
  if (how === 'input over') {
    await router.idle()
    await Promise.race([runner.settled(), stopped])
  }
  clearInterval(clock)
  await runner.stop()
  await notifier.stop()
  await chat.stop()
}

const consoleChat = (config: Config, { input, output, events }: Streams, { nodes }: Reach) =>
  createConsoleAdapter({
    people: config.console.people,
    channel: config.console.channel,
    commands,
    input,
    output,
    mode: events ? 'events' : input.isTTY && output.isTTY ? 'terminal' : 'plain',
    idsFile: join(config.data, 'console-ids'),
    nodes: () => nodes.map(({ name }) => name),
    rules: rules.map(({ id }) => id),
    colour: config.colour,
    ...(config.demo && !events && { welcome: demoCard(nodes) }),
  })
