import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { Core, Diagnosis } from '../core.ts'
import { hintOf, isRefusal, type Refusal, wordsOf } from '../errors.ts'
import { createHeldBack, type Patience } from './held-back.ts'
import { createOwnReboots } from './own-reboots.ts'
import { type FailedStart, FOLLOW_SCRIPT, type Greeting, readFailedStart, readGreeting } from './task-index.ts'
import { createUnderWay } from './under-way.ts'
import type { WatchRecord, WatchStore } from './watch-record.ts'

export interface WatchParts {
  readonly nodes: readonly string[]
  readonly core: Pick<Core, 'diagnose' | 'live'>
  /** Runs a script on a held connection; each line it prints as it comes. Rejects when the connection is gone. */
  readonly follow: (node: string, script: string, heard: (line: string) => void, stop: AbortSignal) => Promise<void>
  /** Tells the incident channels at once of a guest that did not start, before it is known why. */
  readonly noticed: (node: string, guest: number, noticed: string) => void
  /** Tells them that it could not be found out why. */
  readonly unseen: (node: string, guest: number, noticed: string, why: Refusal) => void
  /** Tells them what a diagnosis found: once per cause. `noticed` says why the bot looked. */
  readonly found: (diagnosis: Diagnosis, noticed: string) => void
  readonly store: WatchStore
  readonly patience: Patience
  readonly now: () => Date
  readonly log: { info(about: object, words: string): void; warn(about: object, words: string): void }
  readonly spans?: Spans
}

/** Milliseconds: before the first new try and the longest between two, after a boot until it is looked at, between two looks at what waits, and for what is under way at a stop. */
export type Spans = Readonly<Record<'first' | 'longest' | 'settle' | 'tick' | 'finish', number>>

/** Told starts that are remembered: more than the script shows again. */
const MOST_TOLD = 100
const SPANS: Spans = { first: 1000, longest: 60_000, settle: 60_000, tick: 15_000, finish: 3000 }

/** Notices by itself what happens on the nodes that are watched: guests that do not start, and boots. */
export function createWatch(parts: WatchParts) {
  const { nodes, core, follow, found, store, now, log, spans = SPANS } = parts
  const stop = new AbortController()
  const { signal } = stop
  const trouble = (node: string, error: unknown): void => {
    if (!signal.aborted) log.warn({ node, because: wordsOf(error) }, 'what was noticed could not be dealt with')
  }
  const heldBack = createHeldBack(parts.patience, now, trouble)
  const underWay = createUnderWay(spans.finish)
  const tell = (node: string, key: string, job: (givenUp: AbortSignal) => Promise<void>) =>
    heldBack.tell(node, key, underWay.whole(job))
  /** What the bot itself does to a node is told by its change. */
  const ourReboots = createOwnReboots(nodes, core.live)
  const connected = new Set<string>()

  const oneWriter = pLimit(1)
  /** Failed starts that this process has taken up, told or waiting: a connection that is made again shows them again. */
  const taken = new Map(nodes.map((node) => [node, new Set<string>()]))
  const newest = new Map<string, Greeting>()
  /** The boot that a node is about to be looked at for. */
  const settling = new Map<string, string>()

  const note = (node: string, change: (last: WatchRecord) => Partial<WatchRecord>): Promise<void> =>
    oneWriter(async () => {
      const last = (await store.get(node)) ?? { id: node, version: 0, bootId: '', since: 0, told: [] }
      await store.put({ ...last, ...change(last), version: last.version + 1 })
    })

  /** Asks until there is an answer: a database that is away for a while must not make the bot forget what it noticed. */
  const answered = async <T>(node: string, ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        trouble(node, error)
        await sleep(spans.tick, undefined, { signal })
      }
    }
  }

  const lookAt = async (node: string, guest: number | null, noticed: string): Promise<Diagnosis | Refusal> => {
    try {
      return await core.diagnose(node, { target: guest === null ? null : { kind: 'vm', id: guest } })
    } catch (error) {
      log.warn({ node, noticed, because: wordsOf(error) }, 'what was noticed could not be looked at')
      const hint = hintOf(error)
      return { refused: wordsOf(error), ...(hint !== undefined && { hint }) }
    }
  }

  const startFailed = async (node: string, { upid, guest, status, endedAt }: FailedStart): Promise<void> => {
    const at = `${new Date(endedAt * 1000).toISOString().slice(11, 19)} UTC by the node's clock`
    const noticed = `Guest ${guest} did not start at ${at}: ${status}`
    log.info({ node, guest, status }, 'a guest did not start')
    await tell(node, `vm:${guest}`, async (givenUp) => {
      if (!(await ourReboots.now(node))) {
        parts.noticed(node, guest, noticed)
        const diagnosis = await lookAt(node, guest, noticed)
        givenUp.throwIfAborted()
        if (isRefusal(diagnosis)) parts.unseen(node, guest, noticed, diagnosis)
        else found(diagnosis, noticed)
      }
      await answered(node, () => note(node, ({ told }) => ({ told: [...told, upid].slice(-MOST_TOLD) })))
    })
  }

  const rebooted = async (node: string, bootId: string): Promise<void> => {
    if (settling.get(node) === bootId) return
    settling.set(node, bootId)
    const ours = await answered(node, () => ourReboots.newest(node))
    if (!ours) await sleep(spans.settle, undefined, { signal })
    const noticed = 'The node was rebooted'
    await tell(node, 'boot', async (givenUp) => {
      const diagnosis = ours || (await ourReboots.now(node)) ? null : await lookAt(node, null, noticed)
      givenUp.throwIfAborted()
      if (diagnosis && !isRefusal(diagnosis)) found(diagnosis, noticed)
      await answered(node, () => note(node, () => ({ bootId })))
    })
  }

  /** One connection, as long as it lasts. */
  const followOnce = async (node: string, up: () => void): Promise<void> => {
    let greeting: Greeting | null = null
    let since = 0
    let dealing = Promise.resolve()
    const deal = (act: () => Promise<void>) => {
      dealing = dealing.then(act).catch((error: unknown) => trouble(node, error))
    }
    const greeted = (said: Greeting) => {
      greeting = said
      newest.set(node, said)
      connected.add(node)
      up()
      deal(async () => {
        const last = await answered(node, () => store.get(node))
        since = last?.since ?? said.clock
        for (const upid of last?.told ?? []) taken.get(node)?.add(upid)
        // The node may have been greeted anew, and rebooted, while that was waited for.
        if (newest.get(node) !== said) return
        if (!last) await note(node, () => ({ bootId: said.bootId, since }))
        else if (last.bootId !== said.bootId)
          void rebooted(node, said.bootId).catch((error: unknown) => trouble(node, error))
      })
    }
    const heard = (line: string) => {
      const said = greeting ? null : readGreeting(line)
      if (said) return greeted(said)
      const failed = greeting && readFailedStart(line)
      if (failed)
        deal(async () => {
          if (failed.endedAt <= since || taken.get(node)?.has(failed.upid)) return
          taken.get(node)?.add(failed.upid)
          await startFailed(node, failed)
        })
    }
    try {
      await follow(node, FOLLOW_SCRIPT, heard, signal)
    } finally {
      connected.delete(node)
      if (greeting) ourReboots.went(node)
    }
  }

  const keepFollowing = async (node: string): Promise<void> => {
    let tries = 0
    let told = false
    while (!signal.aborted) {
      const up = () => {
        if (told) log.info({ node }, 'the node is watched again')
        tries = 0
        told = false
      }
      const why = await followOnce(node, up).then(
        () => 'the script ended',
        (error: unknown) => wordsOf(error),
      )
      if (signal.aborted) return
      if (!told) log.warn({ node, because: why }, 'the node is not watched at present; it is tried again')
      told = true
      const pause = Math.min(spans.longest, spans.first * 2 ** tries++)
      await sleep(pause * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined)
    }
  }

  const running = nodes.map(keepFollowing)
  const tick = setInterval(() => void heldBack.release(), spans.tick)
  return {
    /** How many are to be watched. */
    nodes: nodes.length,
    /** The nodes that are being watched at this moment. */
    connected: (): readonly string[] => [...connected],
    /** What was noticed and is not told yet. */
    waiting: () => heldBack.waiting(),
    /** Begins nothing more, and finishes what it has begun; what takes too long is noticed again at the next start. */
    async stop() {
      clearInterval(tick)
      stop.abort()
      await underWay.finish()
      await Promise.all(running)
    },
  }
}
