import pLimit from 'p-limit'
import { afterAll, describe, expect, test } from 'vitest'
import type { Policy } from '../../src/changes/policy.ts'
import type { createEngine } from '../../src/engine.ts'
import type { Scenario } from '../../src/simulator/scenario.ts'
import { actor } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'
import { type Around, aroundEffects } from './effects.ts'

/** Where the bot dies: at the n-th effect it has on the world, right before or right after it. */
interface Death {
  readonly at: number
  readonly when: 'before' | 'after'
}
class Killed extends Error {}

interface Way {
  readonly says: string
  readonly node: string
  readonly differs?: Partial<Scenario>
  /** Acts that the node refuses. */
  readonly faults?: readonly string[]
  readonly rules?: Partial<Policy>
  readonly outcome: string
  readonly boots: number
  /** Somebody freezes all changes as the rescue text is posted; they are thawed before the bot is back. */
  readonly frozen?: true
  /** Trial boots; one where it is left out. */
  readonly trials?: number
}

const ways: readonly Way[] = [
  { says: 'a trial that is well', node: 'node1', outcome: 'done', boots: 2 },
  { says: 'a trial without network', node: 'node8', rules: { guardDeadline: 60 }, outcome: 'reverted', boots: 3 },
  { says: 'a trial that does not cure', node: 'node1', differs: { trialFails: 'cure' }, outcome: 'undone', boots: 3 },
  { says: 'a commit that the node refuses', node: 'node1', faults: ['update_grub'], outcome: 'undone', boots: 3 },
  { says: 'a repair that no boot has to try', node: 'node9', outcome: 'done', boots: 1, trials: 0 },
]

const rows: string[] = []
afterAll(() => console.log(`effects the bot was killed before and after, and how it ended:\n${rows.join('\n')}`))

describe.each(ways)('$says, with the bot killed', (way) => {
  test('before and after each effect in turn, ends in the same place with the same number of boots', async () => {
    const { says, outcome, boots, trials = 1 } = way
    const clean = await run(way)
    expect(clean).toMatchObject({ outcome, boots, trials, custom: false, guard: false, flag: null })
    const deaths = clean.effects.flatMap((_, at): Death[] => [
      { at, when: 'before' },
      { at, when: 'after' },
    ])
    const someAtATime = pLimit(16)
    const ends = await Promise.all(deaths.map((death) => someAtATime(() => run(way, death))))
    deaths.forEach(({ at, when }, index) => {
      const end = ends[index]
      const { effects: _clean, ...wanted } = clean
      const { effects: _end, ...got } = end ?? clean
      expect(got, `killed ${when} effect ${at} (${clean.effects[at]})`).toEqual(wanted)
    })
    rows.push(
      `  ${says}: ${clean.effects.length} effects × 2 → ${outcome}, ${boots} boots (${[...new Set(clean.effects)].join(', ')})`,
    )
  }, 240_000)
})

test('a bot that died right after it had cleared a trial away does not reboot the node for it', async () => {
  const way: Way = { says: '', node: 'node1', frozen: true, outcome: 'failed', boots: 1, trials: 0 }
  const clean = await run(way)
  expect(clean).toMatchObject({ outcome: 'failed', boots: 1, trials: 0 })
  const death = { at: clean.effects.indexOf('standDown'), when: 'after' } as const
  const { effects: _, ...end } = await run(way, death)
  expect(end).toMatchObject({ outcome: 'failed', boots: 1, trials: 0, custom: false, guard: false, flag: null })
})

async function run({ node: name, differs, faults = [], rules, frozen }: Way, death?: Death) {
  const bench = await setUp(name, differs, rules)
  for (const fault of faults) bench.node.faults.set(fault, 'generate')
  try {
    const effects: string[] = []
    const first = await start(bench, effects, death, async (effect) => {
      if (frozen && effect === 'rescue') await first.core.freeze(actor('olga'), 3600)
    })
    const id = await proposed(first, name).catch(ignoreKill)
    if (id) await first.core.vote(id, { by: actor('ann'), yes: true, given: true }).catch(ignoreKill)
    await first.runner.settled().catch(ignoreKill)
    const second = await start(bench, [])
    if (frozen) await second.core.thaw(actor('ann'))
    await again(second, name)
    const [closed] = await second.core.history(1)
    const { node } = bench
    return {
      effects,
      outcome: closed?.state === 'closed' ? closed.outcome : undefined,
      live: (await second.core.live()).length,
      boots: node.boots.all,
      trials: node.boots.trials,
      grub: node.files.get('/etc/default/grub'),
      config: node.files.get('/boot/grub/grub.cfg'),
      custom: node.files.has('/boot/grub/custom.cfg'),
      guard: node.files.has('/etc/lanekeeper/guard.sh'),
      flag: node.flag,
      environment: node.files.get('/boot/grub/grubenv'),
    }
  } finally {
    await bench.close()
  }
}

/** A restart: what is live goes on; what a person had not seen done is done again. */
async function again(engine: ReturnType<typeof createEngine>, name: string) {
  await engine.runner.resume()
  await engine.runner.settled()
  if ((await engine.core.history(1)).length > 0) return
  const id = await proposed(engine, name)
  const answer = await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
  if (!answer.counted && !/already/.test(answer.says)) throw new Error(answer.says)
  await engine.runner.settled()
}

async function start(
  bench: Bench,
  effects: string[],
  death?: Death,
  meanwhile: (effect: string) => Promise<void> = async () => undefined,
) {
  let stop: () => void = () => undefined
  let dead = false
  const effect: Around =
    (name, act) =>
    async (...args) => {
      // A process that was killed has no more effects, whatever its code would do about the error.
      if (dead) throw new Killed(name)
      const number = effects.push(name) - 1
      const die = () => {
        dead = true
        stop()
        throw new Killed(`${name} ${number}`)
      }
      if (death?.at === number && death.when === 'before') die()
      const done = await act(...args)
      await meanwhile(name)
      if (death?.at === number && death.when === 'after') die()
      return done
    }
  const engine = await bench.engine(await aroundEffects(bench, effect))
  stop = () => void engine.runner.stop()
  return engine
}

const ignoreKill = (error: unknown): undefined => {
  if (!(error instanceof Killed)) throw error
}
