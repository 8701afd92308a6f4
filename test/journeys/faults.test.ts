import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isRefusal, OperatorError } from '../../src/errors.ts'
import { actor, policy } from '../changes/a-change.ts'
import { type Bench, proposed, quick, setUp } from './bench.ts'

let bench: Bench
beforeEach(async () => {
  bench = await setUp('node1')
})
afterEach(() => bench.close())

const approve = { by: actor('ann'), yes: true, given: true }
const bootFiles = () =>
  ['/etc/default/grub', '/boot/grub/grub.cfg', '/boot/grub/custom.cfg'].map((path) => bench.node.files.get(path))

describe('a node that refuses', () => {
  test.each(['keep', 'anew', 'check_grub', 'guard_on', 'flag_arm', 'put', 'restart'])(
    '%s is left as it was, and not rebooted',
    async (act) => {
      const engine = await bench.engine()
      const id = await proposed(engine, 'node1')
      const before = bootFiles()
      bench.node.faults.set(act, 'write')
      await engine.core.vote(id, approve)
      await engine.runner.settled()
      expect(await engine.core.change(id)).toMatchObject({
        state: 'closed',
        outcome: 'failed',
        because: expect.stringContaining(act),
      })
      expect(bootFiles()).toEqual(before)
      expect(bench.node.boots).toEqual({ all: 1, trials: 0 })
      expect(bench.node.flag).toBeNull()
    },
  )
})

test('a node that cannot be reached keeps an approved change waiting, and is changed when it is back', async () => {
  const engine = await bench.engine()
  const id = await proposed(engine, 'node1')
  bench.node.unplugged = true
  await engine.core.vote(id, approve)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await engine.core.change(id)).toMatchObject({ state: 'approved' })
  bench.node.unplugged = false
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'done' })
})

test('a node that stays away for too long after the approval is not changed later', async () => {
  let now = new Date()
  const engine = await bench.engine({ now: () => now })
  const id = await proposed(engine, 'node1')
  bench.node.unplugged = true
  await engine.core.vote(id, approve)
  now = new Date(now.getTime() + 11 * 60_000)
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({
    outcome: 'refused',
    because: expect.stringContaining('ten minutes'),
  })
})

test('no chat takes the rescue text: the node is not rebooted until one does', async () => {
  let deaf = true
  const engine = await bench.engine({
    tell: {
      changed: () => undefined,
      hearOut: async () => undefined,
      rescue: async () => {
        if (deaf) throw new OperatorError('act-failed', 'no chat took the rescue text')
      },
    },
  })
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, approve)
  await expect.poll(async () => (await engine.core.change(id))?.state, { timeout: 20_000 }).toBe('armed')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(bench.node.boots.all).toBe(1)
  deaf = false
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'done' })
})

test('no audit line, no act', async () => {
  const engine = await bench.engine()
  const id = await proposed(engine, 'node1')
  const mute = await bench.engine({
    audit: async () => {
      throw new OperatorError('audit-broken', 'the audit trail cannot be written')
    },
  })
  await expect(mute.core.vote(id, approve)).rejects.toThrow('audit')
  await mute.runner.settled()
  expect(await mute.core.change(id)).toMatchObject({ state: 'proposed', votes: [] })
  expect(bench.node.boots.all).toBe(1)
})

describe('one live change for each node', () => {
  test('asked again, an unchanged node gives the same change', async () => {
    const engine = await bench.engine()
    expect(await proposed(engine, 'node1')).toBe(await proposed(engine, 'node1'))
  })
  test('a node that changed gives a new one, and the old card is stale', async () => {
    const engine = await bench.engine()
    const old = await proposed(engine, 'node1')
    bench.node.files.set('/etc/default/grub', `${bench.node.files.get('/etc/default/grub')}# by hand\n`)
    expect(await proposed(engine, 'node1')).not.toBe(old)
    expect(await engine.core.change(old)).toMatchObject({ outcome: 'stale' })
  })
  test('a change under way is named to whoever wants another', async () => {
    const engine = await bench.engine({
      tell: { changed: () => undefined, hearOut: async () => undefined, rescue: () => new Promise(() => undefined) },
    })
    const id = await proposed(engine, 'node1')
    const diagnosis = await engine.core.diagnose('node1', { target: null })
    await engine.core.vote(id, approve)
    await expect.poll(async () => (await engine.core.change(id))?.state, { timeout: 20_000 }).toBe('armed')
    const second = await engine.core.propose(diagnosis, actor('bob'))
    expect(isRefusal(second) && second.refused).toContain(id)
  })
})

test('a node whose plug is pulled during the check comes back without the trial: reverted, and cleared away', async () => {
  const before = bootFiles()
  const engine = await bench.engine({ policy: () => ({ ...policy(quick), stability: 600 }) })
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, approve)
  await expect.poll(async () => (await engine.core.change(id))?.state, { timeout: 20_000 }).toBe('verifying')
  bench.node.powerCycle()
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'reverted' })
  expect(bootFiles()).toEqual(before)
})

test('a node that never comes back is handed to people, with what they need', async () => {
  let now = new Date()
  const engine = await bench.engine({ now: () => now })
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, approve)
  await expect.poll(async () => (await engine.core.change(id))?.state, { timeout: 20_000 }).toBe('rebooting')
  bench.node.unplugged = true
  now = new Date(now.getTime() + 3 * 3600_000)
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'stuck' })
})
