import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { commands } from '../commands/index.ts'
import type { Change } from './changes/change.ts'
import { createFreezer } from './changes/freeze.ts'
import { keepResuming } from './changes/keep-resuming.ts'
import { isUnreachable } from './changes/means.ts'
import type { GroupsOf } from './changes/ports.ts'
import type { ChatAdapter } from './chat/adapter.ts'
import type { CardRecord } from './chat/card-record.ts'
import { createNotifier } from './chat/notifier.ts'
import { createRouter, type Router } from './chat/router.ts'
import { openChats } from './chats.ts'
import type { Config } from './config.ts'
import type { Core } from './core.ts'
import { createEngine } from './engine.ts'
import { OperatorError, wordsOf } from './errors.ts'
import { createLog, type Log } from './log.ts'
import { createMemory } from './memory.ts'
import { createObserving, serveObserving } from './observing.ts'
import { type Reach, reachNodes, wholeConfig } from './reach.ts'
import type { Transport } from './ssh/transport.ts'
import { openStorage, type Storage } from './storage.ts'
import { lockDataFolder } from './store/lock.ts'
import { type Watch, watchNodes } from './watching.ts'

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
const START_AGAIN_MS = 30_000
const now = () => new Date()

/**
 * Builds every part and joins them, and talks until nobody says anything more: somebody quit, `stop` came, or the input is over
 * and nothing is under way. One process per data folder; what is under way then goes on at the next start.
 */
export async function serve(given: Config, streams: Streams, stop: AbortSignal): Promise<void> {
  const log = createLog(given.logLevel)
  const release = await lockDataFolder(given.data, (error) => {
    log.fatal({ err: error }, 'the lock on the data folder is lost: stopping at once')
    process.exit(1)
  })
  await using ends = new AsyncDisposableStack()
  ends.defer(release)
  const config = await wholeConfig(given, (node, because) =>
    log.warn({ node, because }, 'the members of its cluster could not be asked for'),
  )
  const reach = await reachNodes(config)
  ends.defer(() => reach.close())
  const storage = await openStorage(config, log, now)
  ends.defer(() => storage.close())
  const shared = await storage.share(reach.transport)
  const leads = await storage.lead(stop, (error) => {
    log.fatal({ because: wordsOf(error) }, 'this bot leads no more: stopping at once')
    process.exit(1)
  })
  if (leads) await talk(config, streams, { stop, log, reach, storage, shared })
}

interface World {
  readonly stop: AbortSignal
  readonly log: Log
  readonly reach: Reach
  readonly storage: Storage
  /** The way to the nodes for looks at many. */
  readonly shared: Transport
}

async function talk(config: Config, streams: Streams, { stop, log, reach, storage, shared }: World) {
  const { changes: store, cards, audit } = storage
  const changes = async () => (await store.list()).map(({ id }) => id)
  const lastMessage = highestMessage(await cards.list())
  const seen: { core?: Core } = {}
  let watch: Watch | undefined
  const targets = (node: string) => seen.core?.targets(node) ?? []
  const chats = openChats(config, { streams, reach, log, storage, changes, targets, lastMessage })
  const adapters = [chats.console, ...chats.platforms]
  const notifier = createNotifier({
    adapters,
    cards,
    incidentChannels: chats.incidentChannels,
    policy: config.policy,
    reactions: config.reactions,
    log,
  })
  const observing = createObserving(log, {
    live: () => store.list(),
    watched: () => watch?.connected().length ?? 0,
    heldBack: () => watch?.waiting() ?? 0,
  })
  const groupsOf: GroupsOf = async (person, among) =>
    adapters.find(({ name }) => person.id.startsWith(`${name}:`))?.groupsOf(person, among) ?? []
  const { core, runner } = createEngine({
    transport: reach.transport,
    acting: reach.acting,
    nodes: reach.nodes,
    policy: () => config.policy,
    groupsOf,
    freezer: createFreezer({ store: storage.freezes, audit: (line) => audit.append(line), now }),
    store,
    closed: storage.history,
    surveys: shared,
    audit: (line) => audit.append(line),
    trail: (most) => audit.last(most),
    tell: {
      changed(change, previous) {
        observing.changed(change, previous)
        notifier.changed(change, previous)
      },
      rescue: notifier.rescue,
      hearOut: notifier.hearOut,
    },
    looked: observing.looked,
    now,
    pauseMs: config.demo ? DEMO_PAUSE_MS : PAUSE_MS,
    trouble: (change, error) => noteTrouble(log, change, error),
    memory: createMemory(storage.visits, (node, error) =>
      log.warn({ err: error, node }, 'a visit could not be remembered'),
    ),
  })
  seen.core = core
  const router = createRouter({ core, commands, notifier, reactions: config.reactions, log })
  await chats.console.start(router.receive(chats.console))
  for (const chat of chats.platforms) void keepTrying(chat, router, log, stop)
  await notifier.resume([...(await core.live()), ...(await core.history(20))])
  await runner.resume()
  watch = watchNodes(config, { core, notifier, reach, store: storage.watched, log, now })
  const served = await serveObserving({
    ...{ config, observing, log, chats: adapters, tryStore: storage.tryOut },
    live: () => store.list(),
    watched: () => [watch?.connected().length ?? 0, watch?.nodes ?? 0],
  })
  const over = new AbortController()
  const resuming = keepResuming(runner, TICK_MS, log, AbortSignal.any([stop, over.signal]))
  const stopped = new Promise<'stopped'>((resolve) => stop.addEventListener('abort', () => resolve('stopped')))
  const how = await Promise.race([chats.console.ended, stopped])
  if (how === 'input over') {
    await router.idle()
    // A bot on a platform, or one that watches, goes on without a terminal; one that has only this room is done when nothing is under way.
    const goesOn = chats.platforms.length > 0 || watch.nodes > 0
    await Promise.race([goesOn ? stopped : runner.settled(), stopped])
  }
  over.abort()
  await resuming
  await served.stop()
  await watch.stop()
  await runner.stop()
  await notifier.stop()
  await Promise.allSettled(adapters.map((chat) => chat.stop()))
}

/** A node that is away while it reboots is no trouble worth a line; what it refuses is one; only a bug leaves its stack. */
function noteTrouble(log: Log, { id, state }: Change, error: unknown): void {
  const about = { change: id, state, because: wordsOf(error) }
  if (!(error instanceof OperatorError)) log.error({ ...about, err: error }, 'internal error')
  else if (isUnreachable(error)) log.debug(about, 'the node does not answer; it is asked again')
  else log.warn({ ...about, hint: error.hint }, 'a step could not be done')
}

/** The highest number among the console messages that show a change. */
const highestMessage = (cards: readonly CardRecord[]): number =>
  Math.max(
    0,
    ...cards.flatMap(({ places }) =>
      places.filter(({ at }) => at.adapter === 'console').map(({ at }) => Number(at.message.slice(1)) || 0),
    ),
  )

/** A platform that is out of reach holds nothing up: it is said in the log, and tried again. */
async function keepTrying(chat: ChatAdapter, router: Router, log: Log, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      return await chat.start(router.receive(chat))
    } catch (error) {
      const hint = error instanceof OperatorError ? error.hint : undefined
      log.error({ chat: chat.name, because: wordsOf(error), hint }, 'a chat could not be started; it is tried again')
      await sleep(START_AGAIN_MS, undefined, { signal: stop }).catch(() => undefined)
    }
  }
}
