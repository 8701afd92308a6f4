import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileEdit } from '../../src/boot/file-edit.ts'
import { Change, isLive } from '../../src/changes/change.ts'
import { createFreezer, Freeze } from '../../src/changes/freeze.ts'
import { closedGates } from '../../src/changes/gate.ts'
import type { Plan } from '../../src/changes/plan.ts'
import type { ChangeStore } from '../../src/changes/ports.ts'
import { createRunner, type Runner } from '../../src/changes/runner.ts'
import type { Core } from '../../src/core.ts'
import { createCore } from '../../src/create-core.ts'
import { gates } from '../../src/gates/index.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { actor, aPlan, policy, T0 } from './a-change.ts'
import { type Fate, type Mishap, type ModelNode, modelEyes, modelNode, modelUncured } from './model-node.ts'

const rules = policy({ approvers: ['console:ann', 'console:bob'], quorum: 2, cardExpires: 7200 })
const RUNS = 10_000
const MOMENT = 5
/** Longer than any deadline there is. */
const FOR_EVER = 4 * (rules.guardDeadline + rules.rebootDeadline) + rules.cardExpires

/** The world of one run: a node, a clock, people, and a bot that can be killed at any effect. `reboot`: whether a boot has to try the change. */
function world(reboot: boolean) {
  let now = Date.parse(T0)
  const plan = (): Plan =>
    reboot
      ? aPlan({ edits: [fileEdit('/etc/default/grub', 'old', 'new')] })
      : aPlan({
          reboot,
          revert: 'undo',
          trial: null,
          args: { add: [], remove: [] },
          edits: [fileEdit('/etc/modprobe.d/x.conf', 'old', 'new')],
        })
  const node: ModelNode = modelNode(plan, rules.guardDeadline, () => now / 1000)
  const store = createMemoryStore(Change)
  const freezes = createMemoryStore(Freeze)
  const history: Change[] = []
  let bot: { runner: Runner; core: Core; life: { over: boolean }; wake: () => void }
  let deathIn: { effects: number; after: boolean } | null = null
  let ids = 0

  /** An effect of a bot that is dead never happens, and nothing follows one that died by it. */
  const effect =
    <Args extends unknown[], T>(life: { over: boolean }, does: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      const never = () => new Promise<never>(() => undefined)
      if (life.over) return never()
      const dies = deathIn !== null && deathIn.effects-- <= 0
      const after = deathIn?.after
      if (dies) {
        deathIn = null
        life.over = true
        if (!after) return never()
      }
      const done = await does(...args)
      return life.over ? never() : done
    }
  const start = () => {
    const life = { over: false }
    const sleepers: (() => void)[] = []
    const mortal = <Args extends unknown[], T>(does: (...args: Args) => Promise<T>) => effect(life, does)
    const own: ChangeStore = {
      ...store,
      put: mortal((change: Change) => store.put(change)),
      remove: mortal((id: string) => store.remove(id)),
    }
    const { hands } = node
    const clock = () => new Date(now)
    const freezer = createFreezer({ store: freezes, audit: async () => undefined, now: clock })
    const policyNow = async () => ({ policy: rules, untold: [] })
    const runner = createRunner({
      store: own,
      history: {
        append: mortal(async (change: Change) => {
          if (!history.some(({ id }) => id === change.id)) history.push(change)
        }),
      },
      audit: mortal(async () => undefined),
      tell: { changed: () => undefined, hearOut: async () => undefined, rescue: mortal(async () => undefined) },
      hands: {
        boot: hands.boot,
        arm: mortal(hands.arm),
        restart: mortal(hands.restart),
        keep: mortal(hands.keep),
        mend: mortal(hands.mend),
        takeBack: mortal(hands.takeBack),
        standDown: mortal(hands.standDown),
      },
      eyes: modelEyes(node, plan),
      uncured: () => modelUncured(node),
      regrouping: () => [],
      closedGates: async (change, facts) =>
        closedGates(gates, { facts, policy: rules, plan: change.plan, now: clock(), others: [], change }),
      policy: () => rules,
      policyFor: policyNow,
      frozen: () => freezer.why(),
      now: clock,
      pause: () => new Promise((resolve) => sleepers.push(resolve)),
      trouble: () => undefined,
    })
    const core = createCore({
      nodes: [{ name: plan().node, about: 'modelled', simulated: true, labels: [] }],
      visit: () => Promise.reject(new Error('not asked for')),
      undoing: async () => ({ refused: 'not asked for' }),
      runner,
      store: own,
      closed: { last: async (most, keep = () => true) => history.filter(keep).slice(-most) },
      trail: async () => [],
      policy: () => rules,
      policyFor: policyNow,
      freezer,
      now: clock,
      newId: () => `c${++ids}`,
    })
    bot = { runner, core, life, wake: () => sleepers.splice(0).forEach((wake) => void wake()) }
  }
  start()

  /** Everything that can happen without the clock has happened. */
  const quiet = async () => {
    for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve))
  }
  const live = async () => (await store.list()).find(isLive)
  return {
    node,
    reboot,
    history,
    live,
    stored: () => store.list(),
    quiet,
    rise: async () => {
      bot.life.over = true
      deathIn = null
      start()
      void bot.runner.resume()
      await quiet()
    },
    dieIn: (effects: number, after: boolean) => {
      deathIn = { effects, after }
    },
    pass: async (seconds: number) => {
      for (let left = seconds; left > 0; left -= MOMENT) {
        now += Math.min(left, MOMENT) * 1000
        node.until(now / 1000)
        // Long waits in few steps: what the bot does it does in the first looks after something has changed.
        if (seconds > 600 && left % 60 > MOMENT) continue
        bot.wake()
        void bot.runner.resume()
        await quiet()
      }
    },
    powerCycle: () => node.powerCycle(now / 1000),
    ask: async () => {
      if (node.file !== 'old') return
      void bot.core.propose({ plan: { ...plan(), bootId: node.bootId } }, actor('olga'))
      await quiet()
    },
    vote: async (name: string, yes: boolean, given: boolean) => {
      const change = await live()
      if (!change) return undefined
      const answer = bot.core.vote(change.id, { by: actor(name), yes, given })
      await quiet()
      return Promise.race([answer, undefined])
    },
    cancel: async () => {
      const change = await live()
      if (change) void bot.core.cancel(change.id, actor('olga'))
      await quiet()
    },
    freeze: async (seconds: number | null) => {
      void (seconds === 0 ? bot.core.thaw(actor('ann')) : bot.core.freeze(actor('ann'), seconds))
      await quiet()
    },
  }
}
type World = ReturnType<typeof world>

/** Both approvers have said yes to it. */
const approved = (change: Change | undefined): boolean =>
  ['console:ann', 'console:bob'].every((id) => change?.votes.some(({ by, yes }) => yes && by.id === id))

/** What must hold at every moment. */
async function holds({ node, history, stored, reboot }: World) {
  const all = [...(await stored()), ...history]
  const byId = (id: string) => all.find((change) => change.id === id)
  const live = all.filter(isLive)
  expect(live.length, 'live changes of one node').toBeLessThanOrEqual(1)
  for (const change of live) if (change.state !== 'proposed') expect(approved(change), change.state).toBe(true)
  for (const [id, times] of node.boots.trials) {
    expect(times, `trial boots of ${id}`).toBe(1)
    expect(approved(byId(id)), `${id} was tried`).toBe(true)
  }
  // Into the trial, and back out of it: never a third time, never for a change that nobody approved.
  for (const id of new Set(node.boots.ours)) {
    expect(reboot && approved(byId(id)), `${id} rebooted the node`).toBe(true)
    expect(node.boots.ours.filter((one) => one === id).length, `reboots for ${id}`).toBeLessThanOrEqual(2)
  }
  if (node.file !== 'old') {
    const written = all.some((change) => approved(change) && (!reboot || node.boots.trials.has(change.id)))
    expect(written, 'files are written for a change that was approved and tried').toBe(true)
  }
}

const seconds = fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 120, max: 3000 }))
const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ says: 'asks', does: (w: World) => w.ask() }) },
  {
    weight: 8,
    arbitrary: fc
      .record({ name: fc.constantFrom('ann', 'bob', 'olga', 'eve'), yes: fc.boolean(), given: fc.boolean() })
      .map(({ name, yes, given }) => ({
        says: `${name} ${given ? '' : 'takes back '}${yes ? 'yes' : 'no'}`,
        does: async (w: World) => void (await w.vote(name, yes, given)),
      })),
  },
  {
    weight: 6,
    arbitrary: fc.constant({
      says: 'asks, and both approve',
      does: async (w: World) => {
        await w.ask()
        await w.vote('ann', true, true)
        await w.vote('bob', true, true)
      },
    }),
  },
  { weight: 8, arbitrary: seconds.map((for_) => ({ says: `${for_} s`, does: (w: World) => w.pass(for_) })) },
  { weight: 1, arbitrary: fc.constant({ says: 'cancels', does: (w: World) => w.cancel() }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(0, 300, null)
      .map((for_) => ({ says: `freezes ${for_}`, does: (w: World) => w.freeze(for_) })),
  },
  { weight: 3, arbitrary: fc.constant({ says: 'the bot starts again', does: (w: World) => w.rise() }) },
  {
    weight: 4,
    arbitrary: fc.record({ effects: fc.nat(6), after: fc.boolean() }).map(({ effects, after }) => ({
      says: `the bot dies ${after ? 'after' : 'before'} effect ${effects}`,
      does: async (w: World) => w.dieIn(effects, after),
    })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<Fate>('well', 'panics', 'hangs', 'loses its network', 'does not cure', 'gets worse')
      .map((fate) => ({
        says: `fate: ${fate}`,
        does: async (w: World) => {
          w.node.fate = fate
        },
      })),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom<Mishap>('refused', 'refused half-way', 'answer lost', 'connection lost')
      .map((mishap) => ({ says: `next act: ${mishap}`, does: async (w: World) => void w.node.mishaps.push(mishap) })),
  },
  {
    weight: 2,
    arbitrary: fc.boolean().map((cut) => ({
      says: cut ? 'the cable is out' : 'the cable is in',
      does: async (w: World) => w.node.cutNetwork(cut),
    })),
  },
  { weight: 2, arbitrary: fc.constant({ says: 'power cycle', does: async (w: World) => w.powerCycle() }) },
  {
    weight: 1,
    arbitrary: fc.constant({
      says: 'somebody edits the file',
      does: async (w: World) => {
        w.node.edited = true
      },
    }),
  },
)

const ends = new Map<string, number>()

test(`${RUNS} lives of a node, a bot and its people: every change ends, is tried once at most, and leaves nothing half-written`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 4, maxLength: 30 }), async (reboot, steps) => {
      const w = world(reboot)
      for (const { does } of steps) {
        await does(w)
        await holds(w)
      }
      // In the end everything works again, and nobody decides anything any more.
      w.node.mishaps.length = 0
      w.node.cutNetwork(false)
      await w.freeze(0)
      await w.rise()
      w.powerCycle()
      await w.pass(FOR_EVER)
      await holds(w)
      expect(await w.live()).toBeUndefined()
      for (const change of w.history) {
        const outcome = change.state === 'closed' ? change.outcome : change.state
        ends.set(outcome, (ends.get(outcome) ?? 0) + 1)
      }
      const last = w.history.at(-1)
      const outcome = last?.state === 'closed' ? last.outcome : undefined
      const said = `${outcome}: ${last?.state === 'closed' ? last.because : ''}`
      if (outcome === 'done') expect(w.node.file, said).toBe(w.node.edited ? w.node.file : 'new')
      if (outcome && !['done', 'stuck'].includes(outcome) && !w.history.some(kept))
        if (w.node.edited && w.node.file !== 'old')
          // What somebody edited in the middle of a commit is left as it is, and told.
          expect(said).toContain('was edited by somebody else')
        else expect(w.node.file, said).toBe('old')
      if (!w.history.some(stuck)) {
        expect(w.node.entry, said).toBeNull()
        expect(w.node.guarded, said).toBe(false)
      }
    }),
    { numRuns: RUNS },
  )
  console.log(
    `how they ended: ${[...ends]
      .toSorted()
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(', ')}`,
  )
}, 600_000)

const stuck = (change: Change) => change.state === 'closed' && change.outcome === 'stuck'
const kept = (change: Change) => stuck(change) || (change.state === 'closed' && change.outcome === 'done')
