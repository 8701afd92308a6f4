import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fit, inMessages, type Message } from '../../../adapters/slack/fit.ts'
import { LIMITS } from '../../../adapters/slack/limits.ts'
import { mentionsOf } from '../../../adapters/slack/mentions.ts'
import { commands } from '../../../commands/index.ts'
import type { Block, Card, Tone } from '../../../src/cards/card.ts'
import { changeCard, planCard } from '../../../src/cards/change-card.ts'
import { errorCard } from '../../../src/cards/error-card.ts'
import * as fleet from '../../../src/cards/fleet-card.ts'
import { helpCard, usageCard } from '../../../src/cards/help-card.ts'
import { foundCard, incidentCard } from '../../../src/cards/incident-card.ts'
import { progressCard } from '../../../src/cards/progress-card.ts'
import { reportCard } from '../../../src/cards/report-card.ts'
import { rescueCard } from '../../../src/cards/rescue-card.ts'
import * as small from '../../../src/cards/small-cards.ts'
import { OUTCOMES } from '../../../src/changes/change.ts'
import { WORST_FIRST } from '../../../src/diagnosis/glance.ts'
import { rules } from '../../../src/rules/index.ts'
import { change, diagnosis, plan, policy } from '../../cards/samples.ts'
import { messageProblems, wordsIn } from './check-message.ts'

/** 500 nodes with every verdict. */
const manyGlances = Array.from({ length: 500 }, (_, n) => ({
  node: `node${n}`,
  status: WORST_FIRST[n % 5] ?? 'healthy',
  cause: n % 5 === 4 ? null : `cause-${n % 7}`,
  says: `Something is to be said of this node, and it takes a line: ${n}.`,
}))

const STATES = [
  'proposed',
  'approved',
  'arming',
  'armed',
  'rebooting',
  'verifying',
  'committing',
  'going-back',
] as const
const findings = reportCard(diagnosis)
const closed = OUTCOMES.map((outcome) => change('closed', { outcome }))
const all = [...STATES.map((state) => change(state)), ...closed]
const everyCard: Card[] = [
  findings,
  reportCard({
    ...diagnosis,
    plan: null,
    noPlanBecause: 'only the firmware can cure it',
    offers: [{ finding: 'passthrough-mode-off', says: 'iommu=pt' }],
  }),
  planCard(plan),
  ...all.map((one) => changeCard(findings, one, policy)),
  ...all.map((one) => incidentCard(one, policy)),
  foundCard(diagnosis),
  rescueCard(change('armed'), policy),
  progressCard('node3', null),
  helpCard(commands),
  ...commands.map((command) => helpCard(commands, command)),
  ...commands.map((command) => usageCard(command, `${command.name} wrong`, ['expected a node, got nothing'])),
  ...rules.map((rule) => small.ruleCard(rule)),
  small.rulesCard(rules),
  fleet.nodesCard([{ name: 'node1', about: 'host:22', simulated: false, labels: [] }], [change('rebooting')]),
  fleet.surveyCard('all', manyGlances, 12),
  fleet.surveyProgressCard('all', 500, manyGlances),
  small.statusCard([change('rebooting')]),
  small.historyCard(closed),
  small.noteCard('a note'),
  small.refusalCard({ refused: 'busy', hint: 'wait' }),
  small.stepCard(change('armed'), { at: '2026-11-22T09:00:05Z', says: 'armed' }),
  errorCard(new Error('x'), 'e1'),
]

const problemsOf = (messages: readonly Message[]) => messages.flatMap((one) => messageProblems(one))
const shown = (messages: readonly Message[]) => messages.map(({ blocks }) => wordsIn(blocks)).join('\n')

describe('every card that the bot has', () => {
  test.each(everyCard.map((card) => [card.title, card] as const))('%s', (_, card) => {
    const fitted = fit(card)
    expect(messageProblems(fitted)).toEqual([])
    expect(problemsOf(inMessages(card))).toEqual([])
    expect(fitted.file).toBeNull()
    expect(fitted.offered).toBe(card.asks === 'approval')
    expect(fitted.text).toContain(card.title.slice(0, 40).replaceAll('>', '&gt;').replaceAll('<', '&lt;'))
  })
})

const hostile = fc.constantFrom(
  '<!channel>',
  '<!here|here>',
  '<@U0ANN>',
  '<#C0OPS|ops>',
  '@here',
  '@Channel @everyone',
  '```',
  '`x`',
  '<https://evil.example|update-grub>',
  'https://evil.example',
  '*bold* _it_ ~no~',
  '&lt;!channel&gt;',
  '\u001b[2J\u0007',
  '\u202Egnp.exe',
  '\u200b',
  '\ud800',
  ':white_check_mark:',
  '&'.repeat(3001),
  'x'.repeat(9000),
  '🟢'.repeat(2000),
)
const words = fc
  .array(fc.oneof(hostile, fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constant('\n')), { maxLength: 6 })
  .map((parts) => parts.join(''))
const many = fc.array(words, { maxLength: 12 })
const block: fc.Arbitrary<Block> = fc.oneof(
  words.map((text): Block => ({ type: 'text', text })),
  words.map((text): Block => ({ type: 'heading', text })),
  words.map((text): Block => ({ type: 'code', text })),
  many.map((items): Block => ({ type: 'list', items })),
  many.map((lines): Block => ({ type: 'diff', lines: lines.map((line) => line.replaceAll('\n', ' ')) })),
  fc.array(fc.tuple(words, words), { maxLength: 8 }).map((fields): Block => ({ type: 'fields', fields })),
  fc.integer({ min: 1, max: 3000 }).map((count): Block => ({ type: 'code', text: `${'a line\n'.repeat(count)}end` })),
)
const anyCard: fc.Arbitrary<Card> = fc.record({
  title: words,
  tone: fc.constantFrom<Tone>('ok', 'info', 'warn', 'danger'),
  blocks: fc.array(block, { maxLength: 70 }),
  change: fc.constant({ id: 'c1', state: 'proposed' as const, digest: 'abcdef123456' }),
  asks: fc.constant('approval' as const),
})

describe('any card', () => {
  test('is within every limit, mentions nobody, and says what it leaves out', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const fitted = fit(card)
        expect(messageProblems(fitted)).toEqual([])
        expect(problemsOf([fit(card, { trouble: 'missing_scope' })])).toEqual([])
        expect(fitted.offered).toBe(fitted.file === null)
        if (!fitted.file) return
        const says = wordsIn(fitted.blocks)
        expect(says).toMatch(/\d+ more lines are in c1-[0-9a-f]{8}\.txt/)
        expect(says).toContain('abcdef123456')
        expect(says).toContain('/pcie approve c1')
        expect(says).toContain('✅ approves nothing; ❌ denies')
      }),
      { numRuns: 80 },
    )
  }, 120_000)
  test('is shown whole by whispers, in as many messages as it takes', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        expect(problemsOf(inMessages(card))).toEqual([])
      }),
      { numRuns: 30 },
    )
  }, 120_000)
})

const ids = fc.array(
  fc.oneof(
    fc.stringMatching(/^slack:(group:S|[UW])[A-Z0-9]{8,12}$/),
    words.map((text) => `slack:${text}`),
    words,
    fc.constantFrom('slack:group:here', 'slack:!channel', 'slack:U1>', 'discord:1', 'console:ann'),
  ),
  { maxLength: 60 },
)

describe('whom a card calls', () => {
  test.each([
    [['slack:U0ANN', 'slack:W0BOB', 'slack:group:S0CALL'], '<@U0ANN> <@W0BOB> <!subteam^S0CALL>'],
    [['discord:123456', 'discord:role:123456', 'console:ann', 'slack:group:U0ANN', 'slack:S0CALL'], ''],
    [['slack:here', 'slack:!here', 'slack:U0> <!channel', 'slack:u0ann', 'slack:', ''], ''],
    [['slack:U0ANN', 'slack:U0ANN'], '<@U0ANN>'],
  ])('%j is called as %j', (calls, mentions) => expect(mentionsOf(calls)).toBe(mentions))
  test('stands on the message as a mention, with nothing else that is one, within every limit', () => {
    fc.assert(
      fc.property(anyCard, ids, (card, calls) => {
        const mentions = mentionsOf(calls)
        expect(mentions.replaceAll(/<(?:@[UW]|!subteam\^S)[A-Z0-9]+>|and \d+ more| /g, '')).toBe('')
        expect(messageProblems(fit(card, { mentions }), mentions)).toEqual([])
        expect(messageProblems(fit({ ...card, calls }))).toEqual([])
      }),
      { numRuns: 60 },
    )
  }, 120_000)
  test('is counted where a message cannot call them all', () => {
    const calls = Array.from({ length: 40 }, (_, index) => `slack:U0${index}`)
    expect(mentionsOf(calls).match(/<@/g)).toHaveLength(LIMITS.calls)
    expect(mentionsOf(calls)).toMatch(/ and 10 more$/)
  })
})

const ofLines = (count: number, asks = true): Card => ({
  title: 'a plan',
  tone: 'warn',
  blocks: [{ type: 'diff', lines: Array.from({ length: count }, (_, index) => `+line ${index}.`) }],
  change: { id: 'c1', state: 'proposed', digest: 'abcdef123456' },
  ...(asks && { asks: 'approval' }),
})

test('the last plan that fits is offered whole; one line more, and it is attached', () => {
  let count = 100
  while (fit(ofLines(count)).file === null) count += 1
  const fits = fit(ofLines(count - 1))
  expect(fits.offered).toBe(true)
  expect(wordsIn(fits.blocks)).toContain(`+line ${count - 2}.`)
  expect(count * 9).toBeGreaterThan(LIMITS.message * 0.8)
  const { offered, file, blocks } = fit(ofLines(count))
  expect(offered).toBe(false)
  for (let line = 0; line < count; line += 1) expect(file?.text).toContain(`+line ${line}.\n`)
  const [, left] = /(\d+) more lines/.exec(wordsIn(blocks)) ?? []
  const visible = wordsIn(blocks).match(/\+line/g)?.length ?? 0
  expect(Number(left) + visible).toBe(count)
})

test('whispers of thousands of lines lose none', () => {
  const text = shown(inMessages(ofLines(5000, false)))
  for (let line = 0; line < 5000; line += 1) expect(text).toContain(`+line ${line}.`)
})

test('what a node says stays what it is: no markup is read, and nothing is taken away', () => {
  const code = 'if [ "$a" -lt 3 ] && true; then echo "```*_~<b>"; fi'
  const { blocks } = fit({ title: 't', tone: 'info', blocks: [{ type: 'code', text: code }] })
  expect(blocks.at(-1)).toEqual({
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: code }] }],
  })
})
