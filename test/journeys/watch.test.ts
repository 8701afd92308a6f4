import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Diagnosis } from '../../src/core.ts'
import type { Patience } from '../../src/fleet/held-back.ts'
import { createWatch, type Spans } from '../../src/fleet/watch.ts'
import { WatchRecord } from '../../src/fleet/watch-record.ts'
import { failStart } from '../../src/simulator/tasks.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { actor } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'

const FAILED = 'start failed: QEMU exited with code 1'
const quiet = { info: () => undefined, warn: () => undefined }

let bench: Bench
let told: string[]
let unseen: string[]
let found: { diagnosis: Diagnosis; noticed: string }[]
let store: ReturnType<typeof createMemoryStore<WatchRecord>>
let engine: Awaited<ReturnType<Bench['engine']>>
let watch: ReturnType<typeof createWatch> | undefined

const begin = (patience: Patience = { isQuiet: () => false, perHour: 6 }, spans: Partial<Spans> = {}) =>
  createWatch({
    nodes: ['node1'],
    core: engine.core,
    follow: bench.transport.follow,
    noticed: (node, guest, noticed) => void told.push(`${node} ${guest} ${noticed}`),
    unseen: (node, guest, _, { refused }) => void unseen.push(`${node} ${guest} ${refused}`),
    found: (diagnosis, noticed) => void found.push({ diagnosis, noticed }),
    store,
    patience,
    now: () => new Date(),
    log: quiet,
    spans: { first: 20, longest: 100, settle: 50, tick: 50, finish: 20_000, ...spans },
  })
const isUp = () => expect.poll(() => watch?.connected(), { timeout: 10_000 }).toEqual(['node1'])
/** The task index has whole seconds. */
const nextSecond = () => sleep(1100)

beforeEach(async () => {
  bench = await setUp('node1')
  engine = await bench.engine()
  found = []
  told = []
  unseen = []
  store = createMemoryStore(WatchRecord)
})
afterEach(async () => {
  await watch?.stop()
  await bench.close()
})

test('a guest that does not start is noticed at once, and diagnosed narrowed to that guest', async () => {
  failStart(bench.node, FAILED)
  watch = begin()
  await isUp()
  await nextSecond()
  const began = Date.now()
  failStart(bench.node, FAILED)
  await expect.poll(() => found.length, { timeout: 5000 }).toBe(1)
  expect(Date.now() - began).toBeLessThan(5000)
  expect(told).toEqual([`node1 101 ${found[0]?.noticed}`])
  expect(found[0]?.noticed).toMatch(/^Guest 101 did not start at \d\d:\d\d:\d\d UTC by the node's clock: start failed/)
  expect(found[0]?.diagnosis.report).toMatchObject({ target: { kind: 'vm', id: 101 }, verdict: { cause: 'iommu-off' } })
  failStart(bench.node, 'OK')
  await sleep(200)
  expect(found).toHaveLength(1)
})

test('guests that do not start in the same second are all noticed, and none twice, over a restart too', async () => {
  watch = begin()
  await isUp()
  await nextSecond()
  const second = new Date()
  bench.node.now = () => second
  for (const guest of [101, 102, 103]) failStart(bench.node, FAILED, guest)
  await expect.poll(() => told.length, { timeout: 10_000 }).toBe(3)
  expect(told.map((line) => line.split(' ')[1]).toSorted()).toEqual(['101', '102', '103'])
  await watch.stop()
  watch = begin()
  await isUp()
  failStart(bench.node, FAILED, 104)
  await expect.poll(() => told.length, { timeout: 10_000 }).toBe(4)
  await sleep(200)
  expect(told).toHaveLength(4)
})

/** A core whose next diagnosis waits for the returned function. */
const heldUp = () => {
  const { promise: goOn, resolve } = Promise.withResolvers<void>()
  const { core } = engine
  engine = { ...engine, core: { ...core, diagnose: async (...what) => goOn.then(() => core.diagnose(...what)) } }
  return resolve
}

test('what is being looked into when the bot stops is finished first, and not told again after the restart', async () => {
  const goOn = heldUp()
  watch = begin()
  await isUp()
  await nextSecond()
  failStart(bench.node, FAILED)
  await expect.poll(() => told.length, { timeout: 10_000 }).toBe(1)
  const stopping = watch.stop()
  goOn()
  await stopping
  expect(found).toHaveLength(1)
  watch = begin()
  await isUp()
  await sleep(200)
  expect(told).toHaveLength(1)
})

test('what cannot be finished before a stop is not told as unseen, but taken up again after the restart', async () => {
  const goOn = heldUp()
  watch = begin(undefined, { finish: 300 })
  await isUp()
  await nextSecond()
  failStart(bench.node, FAILED)
  await expect.poll(() => told.length, { timeout: 10_000 }).toBe(1)
  await watch.stop()
  goOn()
  await sleep(200)
  expect([found, unseen]).toEqual([[], []])
  watch = begin()
  await expect.poll(() => found.length, { timeout: 10_000 }).toBe(1)
})

test('a guest of which nothing can be found out is told all the same, with the reason', async () => {
  watch = begin()
  await isUp()
  await nextSecond()
  bench.node.mood = () => 'drops'
  failStart(bench.node, FAILED)
  await expect.poll(() => unseen.length, { timeout: 20_000 }).toBe(1)
  expect(told).toHaveLength(1)
  expect(unseen[0]).toMatch(/^node1 101 .*no shell could be started/)
  expect(found).toEqual([])
})

test('over one connection, which a diagnosis shares', async () => {
  watch = begin()
  await isUp()
  await engine.core.diagnose('node1', { target: null })
  expect(bench.connections()).toBe(1)
})

test('a connection that is lost is made again, and what failed meanwhile is told once', async () => {
  watch = begin()
  await isUp()
  await nextSecond()
  bench.node.unplugged = true
  await expect.poll(() => watch?.connected(), { timeout: 10_000 }).toEqual([])
  failStart(bench.node, FAILED)
  bench.node.unplugged = false
  await isUp()
  await expect.poll(() => found.length, { timeout: 10_000 }).toBe(1)
  await sleep(200)
  expect(found).toHaveLength(1)
})

test('what failed while the bot was away is told after its restart; what was told before is not told again', async () => {
  watch = begin()
  await isUp()
  await nextSecond()
  failStart(bench.node, FAILED)
  await expect.poll(() => found.length, { timeout: 10_000 }).toBe(1)
  await watch.stop()
  await nextSecond()
  failStart(bench.node, FAILED)
  watch = begin()
  await expect.poll(() => found.length, { timeout: 10_000 }).toBe(2)
  await sleep(200)
  expect(found).toHaveLength(2)
})

test('in the quiet hours it waits, also over a restart, and is told when they are over', async () => {
  let night = true
  watch = begin({ isQuiet: () => night, perHour: 6 })
  await isUp()
  await nextSecond()
  failStart(bench.node, FAILED)
  await expect.poll(() => watch?.waiting(), { timeout: 10_000 }).toBe(1)
  await watch.stop()
  watch = begin({ isQuiet: () => night, perHour: 6 })
  await expect.poll(() => watch?.waiting(), { timeout: 10_000 }).toBe(1)
  expect(found).toEqual([])
  night = false
  await expect.poll(() => found.length, { timeout: 10_000 }).toBe(1)
})

test('a store that is away at that moment makes nothing noticed twice, and nothing forgotten', async () => {
  const awayAtFirst = <Args extends unknown[], T>(ask: (...args: Args) => Promise<T>) => {
    let times = 2
    return async (...args: Args) => {
      if (times-- > 0) throw new Error('the database is away')
      return ask(...args)
    }
  }
  failStart(bench.node, FAILED)
  await nextSecond()
  store = { ...store, get: awayAtFirst(store.get) }
  engine = { ...engine, core: { ...engine.core, live: awayAtFirst(engine.core.live) } }
  watch = begin()
  await isUp()
  await expect.poll(() => store.get('node1')).toMatchObject({ id: 'node1' })
  expect(told).toEqual([])
  bench.node.powerCycle()
  await expect.poll(() => found.map(({ noticed }) => noticed), { timeout: 10_000 }).toEqual(['The node was rebooted'])
})

test('after a reboot that was not the bot’s the whole node is looked at; after one of a change it is not', async () => {
  watch = begin()
  await isUp()
  bench.node.powerCycle()
  await expect.poll(() => found.length, { timeout: 10_000 }).toBe(1)
  expect(found[0]).toMatchObject({ noticed: 'The node was rebooted', diagnosis: { report: { target: null } } })
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'done' })
  await isUp()
  await sleep(500)
  expect(found).toHaveLength(1)
})

test.each([
  ['undone', { trialFails: 'cure' }],
  ['reverted', { trialFails: 'root' }],
] as const)(
  'a change that is %s before the node is watched again rebooted it all the same',
  async (outcome, differs) => {
    await bench.close()
    bench = await setUp('node1', differs)
    engine = await bench.engine()
    // As long in proportion to a simulated boot as a minute is to a real one.
    watch = begin(undefined, { first: 1000, longest: 1500, settle: 1000 })
    await isUp()
    const id = await proposed(engine, 'node1')
    await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
    await engine.runner.settled()
    expect(await engine.core.change(id)).toMatchObject({ outcome })
    await isUp()
    await sleep(2500)
    expect(found).toEqual([])
  },
)
