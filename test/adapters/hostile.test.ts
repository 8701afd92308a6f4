import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calledBy } from '../../adapters/discord/called.ts'
import { render } from '../../adapters/discord/render.ts'
import { fit, inMessages } from '../../adapters/slack/fit.ts'
import { mentionsOf } from '../../adapters/slack/mentions.ts'
import { problems } from './discord/spec.ts'
import { HOSTILE, hostileCalls, hostileCard } from './hostile-cards.ts'
import { messageProblems, wordsIn } from './slack/check-message.ts'

const MENTION = /<@[!&]?\d+>|@everyone|@here/i

describe.each(HOSTILE)('a %s card, whatever its words', (kind) => {
  test('is within the limits of Slack, calls only whom it may, and says what it leaves out', () => {
    fc.assert(
      fc.property(hostileCard(kind), hostileCalls, (card, calls) => {
        const mentions = mentionsOf(calls)
        const fitted = fit(card, { mentions })
        expect(messageProblems(fitted, mentions)).toEqual([])
        expect(messageProblems(fit({ ...card, calls }))).toEqual([])
        expect(inMessages({ ...card, calls }).flatMap((one) => messageProblems(one))).toEqual([])
        if (fitted.file) expect(wordsIn(fitted.blocks)).toMatch(/\d+ more lines?\b[\s\S]*\.txt/)
        expect(fitted.offered).toBe(card.asks === 'approval' && fitted.file === null)
      }),
      { numRuns: 25 },
    )
  })
  test('is within the limits of Discord, calls only whom it may, and says what it leaves out', () => {
    fc.assert(
      fc.property(hostileCard(kind), hostileCalls, (card, calls) => {
        const called = calledBy(calls)
        const { content, embeds, whole, file } = render({ ...card, calls }, called)
        const { users, roles } = called
        const body = { content, embeds, allowed_mentions: { parse: [], users, roles }, nonce: '1' }
        expect(problems('POST /channels/C/messages', 'request', body)).toEqual([])
        expect(content.startsWith(called.words)).toBe(true)
        const shown = [content.slice(called.words.length), ...embeds.map(({ description = '' }) => description)]
        const footers = embeds.map(({ footer }) => footer?.text ?? '')
        expect([...shown, ...footers].join('\n')).not.toMatch(MENTION)
        expect(whole).toBe(file === null)
        if (!whole) expect(shown.join('\n')).toMatch(/\d+ more lines? (is|are) left out here/)
      }),
      { numRuns: 25 },
    )
  })
})
