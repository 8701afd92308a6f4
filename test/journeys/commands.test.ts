import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Change } from '../../src/changes/change.ts'
import { isRefusal, OperatorError } from '../../src/errors.ts'
import { actor } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'

let bench: Bench
beforeEach(async () => {
  bench = await setUp('node1')
})
afterEach(() => bench.close())

const ann = actor('ann')
const olga = actor('olga')
const approve = { by: ann, yes: true, given: true }
const file = (path: string) => bench.node.files.get(path)
type Engine = Awaited<ReturnType<Bench['engine']>>

async function kept(engine: Engine) {
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, approve)
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'done' })
  return id
}

test('undo goes the same way, approval and trial included, and gives the old bytes back', async () => {
  const before = file('/etc/default/grub')
  const engine = await bench.engine()
  const id = await kept(engine)
  expect(file('/etc/default/grub')).not.toBe(before)

  const undo = await engine.core.undo(id, olga)
  if (isRefusal(undo)) throw new Error(undo.refused)
  expect(undo.plan).toMatchObject({ undoes: id, remedy: 'take-back', reboot: true })
  expect(undo.plan.args.remove).toContain('intel_iommu=on')
  const boots = bench.node.boots.all
  await engine.core.vote(undo.id, approve)
  await engine.runner.settled()
  expect(await engine.core.change(undo.id)).toMatchObject({ outcome: 'done' })
  expect(file('/etc/default/grub')).toBe(before)
  expect(bench.node.boots.all).toBe(boots + 1)
  expect(file('/boot/grub/grub.cfg')).not.toContain('intel_iommu=on')
  expect(await engine.core.takenBackBy(id)).toBe(undo.id)
  expect(await engine.core.undo(id, olga)).toMatchObject({
    refused: `change ${id} has been taken back already, by change ${undo.id}`,
  })
})

test('cancel is too late once the node is on its way, and says what can be done then', async () => {
  const engine = await bench.engine({
    tell: { changed: () => undefined, hearOut: async () => undefined, rescue: () => new Promise(() => undefined) },
  })
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, approve)
  await expect.poll(async () => (await engine.core.change(id))?.state, { timeout: 20_000 }).toBe('armed')
  const answer = await engine.core.cancel(id, ann)
  expect(answer).toMatchObject({ counted: false, says: expect.stringContaining('too late') })
  expect(answer.says).toContain(`/pcie undo ${id}`)
})

test('a node that the bot itself reboots is not diagnosed as out of reach for another reason', async () => {
  const unplug = ({ state }: Change) => {
    if (state === 'rebooting') bench.node.unplugged = true
  }
  const engine = await bench.engine({
    tell: { changed: unplug, hearOut: async () => undefined, rescue: async () => undefined },
  })
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, approve)
  await expect.poll(async () => (await engine.core.change(id))?.state, { timeout: 20_000 }).toBe('rebooting')
  await expect(engine.core.diagnose('node1', { target: null })).rejects.toThrow(`change ${id} reboots it just now`)
  bench.node.unplugged = false
  await engine.runner.settled()
})

test('undo refuses a file that somebody has edited since, one byte is enough', async () => {
  const engine = await bench.engine()
  const id = await kept(engine)
  bench.node.files.set('/etc/default/grub', `${file('/etc/default/grub')}\n`)
  expect(await engine.core.undo(id, olga)).toMatchObject({
    refused: expect.stringContaining('/etc/default/grub is no longer what that change left'),
  })
})

test('undo that was approved is stale when the file is edited before it starts', async () => {
  const engine = await bench.engine()
  const id = await kept(engine)
  const undo = await engine.core.undo(id, olga)
  if (isRefusal(undo)) throw new Error(undo.refused)
  bench.node.files.set('/etc/default/grub', `${file('/etc/default/grub')}# mine\n`)
  await engine.core.vote(undo.id, approve)
  await engine.runner.settled()
  expect(await engine.core.change(undo.id)).toMatchObject({ outcome: 'stale' })
  expect(file('/etc/default/grub')).toContain('# mine')
})

test('undo wants a change that is in force', async () => {
  const engine = await bench.engine()
  expect(await engine.core.undo('c0', olga)).toMatchObject({ refused: expect.stringContaining('no change c0') })
  const id = await proposed(engine, 'node1')
  expect(await engine.core.undo(id, olga)).toMatchObject({ refused: expect.stringContaining('not in force') })
})

test('fix puts the cure of a finding up that is not the cause', async () => {
  const engine = await bench.engine()
  const id = await kept(engine)
  const none = await engine.core.diagnose('node1', { target: null, finding: 'iommu-off' })
  expect(none).toMatchObject({ plan: null, noPlanBecause: expect.stringContaining('iommu-off is not found there') })
  expect(id).toBeTruthy()
})

test('frozen: nothing is approved; what was approved waits, and goes on when it is thawed', async () => {
  const engine = await bench.engine()
  const id = await proposed(engine, 'node1')
  await engine.core.freeze(olga, null)
  expect(await engine.core.vote(id, approve)).toMatchObject({ counted: false, says: expect.stringContaining('froze') })
  expect((await engine.core.vote(id, { by: ann, yes: false, given: true })).counted).toBe(true)

  const next = await proposed(engine, 'node1')
  bench.node.unplugged = true
  await engine.core.thaw(ann)
  await engine.core.vote(next, approve)
  await engine.core.freeze(olga, 3600)
  bench.node.unplugged = false
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await engine.core.change(next)).toMatchObject({ state: 'approved' })
  expect(bench.node.boots.all).toBe(1)
  await engine.core.thaw(ann)
  await engine.runner.settled()
  expect(await engine.core.change(next)).toMatchObject({ outcome: 'done' })
})

test('frozen between the preparation and the reboot: what was prepared is cleared away, nothing reboots', async () => {
  const before = file('/boot/grub/custom.cfg')
  let engine: Engine | undefined
  engine = await bench.engine({
    tell: {
      changed: () => undefined,
      hearOut: async () => undefined,
      rescue: async () => void (await engine?.core.freeze(olga, null)),
    },
  })
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, approve)
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ outcome: 'failed', because: expect.stringContaining('froze') })
  expect(bench.node.boots.all).toBe(1)
  expect(file('/boot/grub/custom.cfg')).toBe(before)
})

test('an approval that was taken back while nobody listened starts nothing; nor does one that cannot be read', async () => {
  let chat: 'is away' | 'tells' = 'is away'
  let asked = 0
  let engine: Awaited<ReturnType<Bench['engine']>> | undefined
  const hearOut = async ({ id }: Change) => {
    asked += 1
    if (chat === 'is away') throw new OperatorError('connection-lost', 'Slack does not answer')
    await engine?.core.vote(id, { ...approve, given: false })
  }
  engine = await bench.engine({ tell: { changed: () => undefined, rescue: async () => undefined, hearOut } })
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, approve)
  await expect.poll(() => asked).toBeGreaterThan(2)
  expect(await engine.core.change(id)).toMatchObject({ state: 'approved' })
  chat = 'tells'
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({ state: 'proposed', votes: [] })
  expect(bench.node.boots.all).toBe(1)
})

test('a no that is heard right before the start, of somebody who cannot be looked up, starts nothing', async () => {
  await bench.close()
  bench = await setUp('node1', {}, { approvers: ['console:ann', 'slack:group:S1'] })
  let engine: Awaited<ReturnType<Bench['engine']>> | undefined
  const hearOut = async ({ id }: Change) =>
    void (await engine?.core.vote(id, { by: actor('sue'), yes: false, given: true }))
  engine = await bench.engine({
    tell: { changed: () => undefined, rescue: async () => undefined, hearOut },
    groupsOf: async ({ id }) => {
      if (id === 'console:sue') throw new Error('Slack does not answer')
      return []
    },
  })
  const id = await proposed(engine, 'node1')
  await engine.core.vote(id, approve)
  await engine.runner.settled()
  expect(await engine.core.change(id)).toMatchObject({
    outcome: 'refused',
    because: expect.stringContaining('sue said no'),
  })
  expect(bench.node.boots.all).toBe(1)
})

test('a no of somebody who could not be looked up ends a change that is approved, before anything starts', async () => {
  await bench.close()
  bench = await setUp('node1', {}, { approvers: ['console:ann', 'slack:group:S1'] })
  let away = true
  const engine = await bench.engine({
    groupsOf: async ({ id }) => {
      if (away && id === 'console:sue') throw new Error('Slack does not answer')
      return id === 'console:sue' ? ['slack:group:S1'] : []
    },
  })
  for (const stays of [true, false]) {
    away = true
    const change = await engine.core.propose(await engine.core.diagnose('node1', { target: null }), olga)
    if (isRefusal(change)) throw new Error(change.refused)
    const no = { by: actor('sue'), yes: false, given: true }
    expect(await engine.core.vote(change.id, no)).toMatchObject({
      counted: true,
      says: expect.stringContaining('Slack does not answer'),
    })
    away = stays
    expect(await engine.core.vote(change.id, approve)).toMatchObject({ counted: true })
    await engine.runner.settled()
    expect(await engine.core.change(change.id)).toMatchObject({ outcome: stays ? 'refused' : 'denied' })
  }
  expect(bench.node.boots.all).toBe(1)
})

test('who may do what: a viewer looks, an operator proposes, only an approver thaws; groups are asked when they count', async () => {
  const inGroup = new Set<string>()
  const rules = { approvers: ['slack:group:S1'], operators: ['console:olga'], viewers: ['console:vera'] }
  await bench.close()
  bench = await setUp('node1', {}, rules)
  const engine = await bench.engine({ groupsOf: async ({ id }) => (inGroup.has(id) ? ['slack:group:S1'] : []) })
  const { core } = engine
  const diagnosis = await core.diagnose('node1', { target: null })
  expect(await core.propose(diagnosis, actor('vera'))).toMatchObject({
    refused: expect.stringContaining('operator list'),
  })
  const change = await core.propose(diagnosis, olga)
  if (isRefusal(change)) throw new Error(change.refused)
  expect(await core.vote(change.id, approve)).toMatchObject({ counted: false })
  expect(await core.thaw(olga)).toMatchObject({ counted: false })
  expect(await core.freeze(actor('vera'), null)).toMatchObject({ counted: false })

  // In the group when the reaction came, out of it when the change would start: it does not start.
  inGroup.add(ann.id)
  bench.node.unplugged = true
  expect(await core.vote(change.id, approve)).toMatchObject({ counted: true })
  inGroup.clear()
  bench.node.unplugged = false
  await engine.runner.settled()
  expect(await core.change(change.id)).toMatchObject({
    outcome: 'refused',
    because: expect.stringContaining('approvals do not suffice'),
  })
  expect(bench.node.boots.all).toBe(1)
})
