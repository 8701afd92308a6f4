import { afterEach, expect, test } from 'vitest'
import { scenarios } from '../../src/simulator/scenario.ts'
import { actor } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'

let bench: Bench
afterEach(() => bench.close())

const yes = (name: string) => ({ by: actor(name), yes: true, given: true })
const no = (name: string) => ({ by: actor(name), yes: false, given: true })

test('two approvals at once where two are needed: both count, and the node is rebooted once', async () => {
  bench = await setUp('node1', {}, { quorum: 2 })
  const engine = await bench.engine()
  const id = await proposed(engine, 'node1')
  const answers = await Promise.all([engine.core.vote(id, yes('ann')), engine.core.vote(id, yes('bob'))])
  expect(answers).toMatchObject([{ counted: true }, { counted: true }])
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'done', votes: [{ yes: true }, { yes: true }] })
  expect(bench.node.boots).toEqual({ all: 2, trials: 1 })
})

test.each([
  ['approval first', [yes('ann'), no('bob')]],
  ['denial first', [no('bob'), yes('ann')]],
])('an approval and a denial at once, %s: it is denied, and nothing is done', async (_, votes) => {
  bench = await setUp('node1')
  const engine = await bench.engine()
  const id = await proposed(engine, 'node1')
  await Promise.all(votes.map((vote) => engine.core.vote(id, vote)))
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'denied' })
  expect(bench.node.boots.all).toBe(1)
  expect([...bench.node.files.keys()].filter((path) => /custom\.cfg|guard/.test(path))).toEqual([])
})

test('two changes on two nodes of one cluster, approved at once: never both away', async () => {
  const [first] = scenarios
  if (!first) throw new Error('no scenario')
  bench = await setUp('node1', { cluster: 'lab' }, {}, [{ ...first, node: 'twin', cluster: 'lab' }])
  const engine = await bench.engine()
  const ids = [await proposed(engine, 'node1'), await proposed(engine, 'twin')]
  let bothAway = false
  const watch = setInterval(() => {
    bothAway ||= bench.nodes.every(({ reachable }) => !reachable)
  }, 1)
  await Promise.all(ids.map((id) => engine.core.vote(id, yes('ann'))))
  await engine.runner.settled()
  clearInterval(watch)
  const ends = await Promise.all(ids.map((id) => engine.core.change(id)))
  expect(ends.map((change) => change?.state === 'closed' && change.outcome).toSorted()).toEqual(['done', 'failed'])
  expect(ends).toContainEqual(
    expect.objectContaining({ because: expect.stringContaining('of the same cluster is in change') }),
  )
  expect(bothAway).toBe(false)
  expect(bench.nodes.map(({ boots }) => boots.trials).toSorted()).toEqual([0, 1])
})
