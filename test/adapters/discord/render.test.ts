import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calledBy, NOBODY } from '../../../adapters/discord/called.ts'
import { LIMITS } from '../../../adapters/discord/limits.ts'
import { render } from '../../../adapters/discord/render.ts'
import type { Block, Card } from '../../../src/cards/card.ts'
import { changeCard } from '../../../src/cards/change-card.ts'
import { reportCard } from '../../../src/cards/report-card.ts'
import { change as changeIn, diagnosis, policy } from '../../cards/samples.ts'
import { problems } from './spec.ts'

const bodyOf = (card: Card, called = NOBODY) => {
  const { content, embeds } = render(card, called)
  const { users, roles } = called
  return { content, embeds, allowed_mentions: { parse: [], users, roles }, nonce: '1' }
}
const wrong = (card: Card, called = NOBODY) => problems('POST /channels/C/messages', 'request', bodyOf(card, called))
const written = (card: Card): string => {
  const { content, embeds } = render(card)
  return [content, ...embeds.map(({ description = '' }) => description)].join('\n')
}
const footersOf = (card: Card): string =>
  render(card)
    .embeds.map(({ footer }) => footer?.text ?? '')
    .join('\n')
const text = (...words: string[]): Card => ({
  title: 'a card',
  tone: 'info',
  blocks: words.map((one): Block => ({ type: 'text', text: one })),
})

/** What Discord makes of text outside code blocks: what is escaped is taken out, what is left would act. */
const active = (raw: string): string =>
  raw.replaceAll(/```(?:diff)?\n[\s\S]*?\n```/g, '').replaceAll(/\\[!-/:-@[-`{-~]/g, '')
const MENTION = /<@[!&]?\d+>|@everyone|@here/i

describe('what a node says is shown and does nothing', () => {
  test.each([
    ['@everyone and @here', 'a call to all'],
    ['<@600000000000000001> <@&800000000000000001> <#900000000000000001>', 'mentions'],
    ['[click](https://evil.example) https://evil.example <https://evil.example>', 'links'],
    ['**bold** _it_ ~~no~~ ||spoiler|| `code` <t:1> <:x:1> </pcie:1>', 'markdown'],
    ['# big\n-# small\n> quote\n>>> quote\n- list\n1. list\n* list', 'markdown at the start of a line'],
    ['``` \n**out** \n```', 'a code fence'],
    ['\\**escaped twice\\**', 'backslashes'],
  ])('%s', (given) => {
    for (const type of ['text', 'heading', 'list', 'fields'] as const) {
      const block: Block =
        type === 'list'
          ? { type, items: [given] }
          : type === 'fields'
            ? { type, fields: [[given, given]] }
            : { type, text: given }
      const raw = written({ title: given, tone: 'info', blocks: [block, { type: 'text', text: 'end' }] })
      expect(raw).not.toMatch(MENTION)
      const left = active(raw)
      expect(left).not.toMatch(/[`~|<[\]]|https?:\/\//)
      expect(left.replaceAll('**', '')).not.toMatch(/[*_]|^\s*(#|>|-|\d+\.)/m)
    }
  })
  test('nor does it end a code block, or drive a screen', () => {
    const block: Block = { type: 'code', text: 'a\n```\n@everyone <@1>\u0007\u001b[2J\u202e`````' }
    const raw = written({ title: 't', tone: 'ok', blocks: [block, { type: 'diff', lines: ['+```', '-\u0000'] }] })
    expect(raw.match(/```/g)).toHaveLength(4)
    expect(raw).not.toMatch(MENTION)
    expect(raw).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\ud800-\udfff](?![\udc00-\udfff])/u)
  })
  test('a colour has its word beside it', () => {
    const words = (['ok', 'info', 'warn', 'danger'] as const).map((tone) => written({ title: 't', tone, blocks: [] }))
    expect(words).toEqual(['🟢 **Good · t**', '🔵 **Note · t**', '🟠 **Attention · t**', '🔴 **Trouble · t**'])
  })
})

describe('real cards', () => {
  test('a proposed change fits whole, with its digest', () => {
    const change = changeIn('proposed')
    const card = changeCard(reportCard(diagnosis), change, policy)
    const shown = render(card)
    expect(wrong(card)).toEqual([])
    expect(shown.whole).toBe(true)
    expect(shown.file).toBeNull()
    expect(footersOf(card)).toBe(`change c1 · proposed · digest ${change.digest}`)
    expect(shown.content).toContain('waiting for approval')
  })
  test('one sentence is a line of its own, readable in a notification', () => {
    expect(render(text('Approved by ada, 1 of 1.'))).toMatchObject({
      content: '🔵 **Note · a card**\nApproved by ada, 1 of 1.',
      embeds: [],
    })
  })
})

describe('at the limits', () => {
  const filled = (length: number): Card => ({
    ...text('x'.repeat(80)),
    blocks: [
      { type: 'text', text: lines(length) },
      { type: 'text', text: 'end' },
    ],
  })
  const lines = (length: number) => `${'x'.repeat(79)}\n`.repeat(Math.ceil(length / 80)).slice(0, length)
  const room = LIMITS.embedsTotal - 200
  test.each([
    LIMITS.embedText - 1,
    LIMITS.embedText,
    LIMITS.embedText + 1,
    room - 10,
    room - 5,
    room,
    room + 1,
    60_000,
  ])('%i characters', (length) => {
    const card = filled(length)
    expect(wrong(card)).toEqual([])
    const { whole, file } = render(card)
    expect(whole).toBe(file === null)
    if (!whole)
      expect(written(card)).toMatch(/… \d+ more lines? (is|are) left out here; card\\?\.txt below has all of it/)
    else expect(active(written(card)).replaceAll(/\s/g, '')).toContain(lines(length).replaceAll(/\s/g, ''))
  })
  test('a change that does not fit still says where it stands', () => {
    const card = changeCard(
      { title: 'findings', tone: 'warn', blocks: [{ type: 'text', text: 'word\n'.repeat(5000) }] },
      changeIn('proposed'),
      policy,
    )
    const raw = written(card)
    expect(raw).toContain('waiting for approval')
    expect(active(raw)).toContain('On this message ✅ approves nothing; ❌ denies')
    expect(raw).toContain(changeIn('proposed').digest)
    expect(raw).not.toContain('React ✅')
    expect(render(card).file?.data.toString()).toContain('React ✅')
  })
  test('a file that is too large says so', () => {
    const { file } = render(text('word '.repeat(2_500_000), 'end'))
    expect(file?.data.length).toBeLessThanOrEqual(LIMITS.fileBytes)
    expect(file?.data.subarray(-200).toString()).toContain('cut here')
  })
})

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '@everyone',
    '<@1>',
    '```',
    '`',
    '\\',
    '[a](https://b)',
    '\n',
    '# ',
    '\ud800',
    '\u202e',
    '||',
    'x'.repeat(5000),
  ),
)
const words = fc.array(nasty, { maxLength: 12 }).map((parts) => parts.join(''))
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constantFrom('text' as const, 'heading' as const, 'code' as const), text: words }),
  fc.record({ type: fc.constant('list' as const), items: fc.array(words, { maxLength: 30 }) }),
  fc.record({ type: fc.constant('diff' as const), lines: fc.array(words, { maxLength: 200 }) }),
  fc.record({ type: fc.constant('fields' as const), fields: fc.array(fc.tuple(words, words), { maxLength: 30 }) }),
)
const anyCard: fc.Arbitrary<Card> = fc
  .record({
    title: words,
    tone: fc.constantFrom('ok' as const, 'info' as const, 'warn' as const, 'danger' as const),
    blocks: fc.array(block, { maxLength: 12 }),
    asks: fc.boolean(),
    change: fc.option(fc.record({ id: words, state: fc.constantFrom('proposed' as const), digest: words })),
  })
  .map(({ asks, change, ...card }) => ({
    ...card,
    ...(change && { change }),
    ...(asks && { asks: 'approval' as const }),
  }))

test('any card at all is within every limit, calls nobody, and says what it leaves out', () => {
  fc.assert(
    fc.property(anyCard, (card) => {
      expect(wrong(card)).toEqual([])
      const raw = written(card)
      expect(raw + footersOf(card)).not.toMatch(MENTION)
      expect(written({ ...card, calls: ['discord:12345', 'discord:role:12345'] })).not.toMatch(MENTION)
      expect((raw.match(/```/g) ?? []).length % 2).toBe(0)
      expect(active(raw)).not.toMatch(/https?:\/\/|[<[\]`|]/)
      const { whole, file } = render(card)
      expect(whole).toBe(file === null)
      if (!whole) expect(raw).toContain('left out here')
    }),
    { numRuns: 300 },
  )
})

const ids = fc.array(
  fc.oneof(
    fc.stringMatching(/^discord:(role:)?[1-9]\d{16,18}$/),
    words,
    words.map((text) => `discord:${text}`),
    fc.constantFrom('slack:U0ANN', 'console:ann', 'discord:role:', 'discord:@everyone', 'discord:1> @everyone'),
  ),
  { maxLength: 60 },
)

describe('whom a card calls', () => {
  test.each([
    [['discord:12345', 'discord:role:67890'], { words: '<@12345> <@&67890>', users: ['12345'], roles: ['67890'] }],
    [['slack:U0ANN', 'console:ann', 'discord:ann', 'discord:role:ops', 'discord:@everyone', ''], NOBODY],
    [['discord:12345', 'discord:12345'], { words: '<@12345>', users: ['12345'], roles: [] }],
  ])('%j', (calls, called) => expect(calledBy(calls)).toEqual(called))
  test('stands at the head of the message, exactly those are allowed, and everything stays within its limits', () => {
    fc.assert(
      fc.property(anyCard, ids, (card, calls) => {
        const called = calledBy(calls)
        expect(wrong(card, called)).toEqual([])
        const { content, embeds } = render(card, called)
        expect(content.startsWith(called.words)).toBe(true)
        const rest = [content.slice(called.words.length), ...embeds.map(({ description = '' }) => description)].join()
        expect(rest).not.toMatch(MENTION)
      }),
      { numRuns: 150 },
    )
  })
  test('is counted where a message cannot call them all', () => {
    const called = calledBy(Array.from({ length: 40 }, (_, index) => `discord:role:${100_000 + index}`))
    expect(called.roles).toHaveLength(LIMITS.calls)
    expect(called.words).toMatch(/ and 10 more$/)
  })
})
