import pLimit from 'p-limit'
import { afterAll, describe, expect, test } from 'vitest'
import { changeCard, planCard } from '../../src/cards/change-card.ts'
import { cardText } from '../../src/cards/text.ts'
import type { In } from '../../src/changes/change.ts'
import type { Policy } from '../../src/changes/policy.ts'
import type { Scenario } from '../../src/simulator/scenario.ts'
import { actor, policy } from '../changes/a-change.ts'
import { type Bench, proposed, setUp } from './bench.ts'
import { type Around, aroundEffects } from './effects.ts'

type Node = Bench['node']
/** What goes wrong with a node. One that `ends` does so 30 of the node's seconds later. */
interface Fault {
  readonly says: string
  readonly ends: boolean
  readonly set: (node: Node, on: boolean) => void
}
const switches: Record<string, Fault['set']> = {
  'network cut': (node, on) => {
    node.unplugged = on
  },
  'sshd killed': (node, on) => {
    node.sshdKilled = on
  },
  'disk full': (node, on) => {
    node.files.full = on
  },
  '/boot read-only': (node, on) => {
    node.files.readOnly = on ? '/boot' : null
  },
}
const faults: readonly Fault[] = [
  ...Object.entries(switches).flatMap(([says, set]): Fault[] => [
    { says, ends: true, set },
    { says: `${says} for good`, ends: false, set },
  ]),
  { says: 'power cycle', ends: false, set: (node) => node.powerCycle() },
]

interface Way {
  readonly says: string
  readonly node: string
  readonly differs?: Partial<Scenario>
  readonly outcome: string
  /** The files that only change for good. */
  readonly files: readonly string[]
}
const grub = ['/etc/default/grub', '/boot/grub/grub.cfg']
const ways: readonly Way[] = [
  { says: 'GRUB, a good trial', node: 'node1', outcome: 'done', files: grub },
  {
    says: 'GRUB, a trial that does not cure',
    node: 'node1',
    differs: { trialFails: 'cure' },
    outcome: 'undone',
    files: grub,
  },
  { says: 'systemd-boot, a good trial', node: 'node6', outcome: 'done', files: ['/etc/kernel/cmdline'] },
]

/** The world runs a hundred times as fast as people live: ten milliseconds are a second, for the node and for the bot. */
const FASTER = 100
const rules: Partial<Policy> = { stability: 5, settle: 30, guardDeadline: 200, rebootDeadline: 400 }

const rows: string[] = []
afterAll(() => console.log(`effect × fault → how the change ended:\n${rows.join('\n')}`))

describe.each(ways)('$says', (way) => {
  test('whatever strikes at whatever effect, the change ends, and the node is whole', async () => {
    const clean = await run(way, null, -1)
    expect(clean.closed).toMatchObject({ outcome: way.outcome })
    rows.push(`  ${way.says}`, `    ${''.padEnd(12)}${faults.map(({ says }) => says.padEnd(26)).join('')}`)
    const someAtATime = pLimit(12)
    const ends = await Promise.all(
      clean.effects.map((_, at) => Promise.all(faults.map((fault) => someAtATime(() => run(way, fault, at))))),
    )
    for (const [at, row] of ends.entries()) {
      rows.push(
        `    ${(clean.effects[at] ?? '').padEnd(12)}${row.map(({ closed }) => (closed?.outcome ?? 'LIVE').padEnd(26)).join('')}`,
      )
      for (const [index, end] of row.entries())
        judge(end, clean, `${faults[index]?.says} at effect ${at} (${clean.effects[at]}): ${closedWords(end.closed)}`)
    }
  }, 400_000)
})

type End = Awaited<ReturnType<typeof run>>
const closedWords = (closed: In<'closed'> | undefined) =>
  closed ? `${closed.outcome} because ${closed.because}` : 'still live'

/** What must hold however it ended. */
function judge(end: End, clean: End, says: string): void {
  expect(end.closed, says).toBeDefined()
  if (!end.closed) return
  const { outcome, votes } = end.closed
  // Before the reboot a change may be refused, grow stale or fail with the node untouched; after it, these four.
  expect(
    end.boots === 1 ? [...UNTOUCHED, 'stuck', 'done'] : [...UNTOUCHED, 'done', 'undone', 'reverted', 'stuck'],
    says,
  ).toContain(outcome)
  expect(end.trials, says).toBeLessThanOrEqual(1)
  expect(
    votes.map(({ by }) => by.id),
    `the approval is not lost: ${says}`,
  ).toEqual(['console:ann'])
  for (const [index, text] of end.after.entries())
    expect([end.before[index], clean.after[index]], `a whole file: ${says}`).toContain(text)
  if (outcome === 'done') expect(end.after, says).toEqual(clean.after)
  else if (outcome !== 'stuck') {
    expect(end.after, `the old bytes: ${says}`).toEqual(end.before)
    expect(end.leftovers, says).toEqual([])
  } else expect(says, 'what was never written needs no room to go back').not.toMatch(/^disk full for good/)
  if (outcome === 'stuck') expect(end.card, `instructions: ${says}`).toMatch(/undo\.sh|console/)
}
const UNTOUCHED = ['refused', 'stale', 'failed']

async function run(way: Way, fault: Fault | null, at: number) {
  const bench = await setUp(way.node, way.differs, rules)
  const start = Date.now()
  const now = () => new Date(start + (Date.now() - start) * FASTER)
  const { node } = bench
  node.now = now
  const files = () => way.files.map((path) => node.files.get(path))
  const before = files()
  const effects: string[] = []
  try {
    const strike: Around =
      (name, act) =>
      async (...args) => {
        if (effects.push(name) - 1 === at && fault) {
          fault.set(node, true)
          if (fault.ends) setTimeout(fault.set, 30_000 / FASTER, node, false)
        }
        return act(...args)
      }
    const engine = await bench.engine({ now, ...(await aroundEffects(bench, strike)) })
    const id = await proposed(engine, way.node)
    effects.length = 0
    await engine.core.vote(id, { by: actor('ann'), yes: true, given: true })
    await engine.runner.settled()
    const [closed] = (await engine.core.history(1)) as In<'closed'>[]
    return {
      effects,
      closed,
      boots: node.boots.all,
      trials: node.boots.trials,
      before,
      after: files(),
      leftovers: ['/boot/grub/custom.cfg', '/etc/lanekeeper/guard.sh'].filter((path) => node.files.has(path)),
      card: closed ? cardText(changeCard(planCard(closed.plan), closed, policy(rules))) : '',
    }
  } finally {
    await bench.close()
  }
}
