import { afterEach, expect, test } from 'vitest'
import { actor } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'

let bench: Bench
afterEach(() => bench.close())

const approved = async (engine: Awaited<ReturnType<Bench['engine']>>, id: string) => {
  await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
  await engine.runner.settled()
  return (await engine.core.history(1))[0]
}

test('a closed gate is told with the plan, refuses the approval with its reason, and lets the same change through once it is open', async () => {
  bench = await setUp('node1')
  const engine = await bench.engine()
  bench.node.upkeep = 'resilver: rpool\nlooked: yes'
  const seen = await engine.core.diagnose('node1', { target: null })
  expect(seen.outlook?.closedGates).toEqual([
    { because: 'ZFS is resilvering rpool', opens: expect.stringContaining('zpool') },
  ])

  expect(await approved(engine, await proposed(engine, 'node1'))).toMatchObject({
    outcome: 'refused',
    because: expect.stringContaining('ZFS is resilvering rpool'),
  })
  expect(bench.node.boots.all).toBe(1)

  bench.node.upkeep = 'looked: yes'
  expect((await engine.core.diagnose('node1', { target: null })).outlook?.closedGates).toEqual([])
  expect(await approved(engine, await proposed(engine, 'node1'))).toMatchObject({ outcome: 'done' })
})

test('a gate that closes between the approval and the reboot ends the change before it', async () => {
  bench = await setUp('node1')
  const engine = await bench.engine({
    tell: {
      changed: () => undefined,
      hearOut: async () => undefined,
      rescue: async () => {
        bench.node.upkeep = 'half-installed: linux-image (half-configured)\nlooked: yes'
      },
    },
  })
  expect(await approved(engine, await proposed(engine, 'node1'))).toMatchObject({
    outcome: 'failed',
    because: expect.stringContaining('linux-image'),
  })
  expect(bench.node.boots.all).toBe(1)
  expect([...bench.node.files.keys()].filter((path) => /custom\.cfg|guard/.test(path))).toEqual([])
})

test('what could not be read is closed', async () => {
  bench = await setUp('node1')
  const engine = await bench.engine()
  bench.node.upkeep = ''
  expect(await approved(engine, await proposed(engine, 'node1'))).toMatchObject({
    outcome: 'refused',
    because: expect.stringContaining('could not be read'),
  })
})
