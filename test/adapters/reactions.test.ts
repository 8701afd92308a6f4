import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sameEmoji } from '../../adapters/discord/emoji.ts'
import { emojiOf, meaning, NO, YES } from '../../adapters/slack/emoji.ts'
import { REACTIONS } from '../../src/cards/reactions.ts'

const SIGNS = [...Object.keys(YES), ...Object.keys(NO)]

test('no sign means both, and no name of Slack belongs to two', () => {
  const names = [...Object.values(YES), ...Object.values(NO)].flat()
  expect(new Set(SIGNS).size).toBe(SIGNS.length)
  expect(new Set(names).size).toBe(names.length)
})

test.each(Object.keys(YES).flatMap((yes) => Object.keys(NO).map((no) => [yes, no] as const)))(
  '%s and %s are told apart, in every skin tone, on both platforms',
  (yes, no) => {
    const emoji = emojiOf({ yes, no })
    for (const tone of ['', '::skin-tone-4']) {
      expect(emoji.approve.map((name) => meaning(name + tone, emoji))).toEqual(emoji.approve.map(() => true))
      expect(emoji.deny.map((name) => meaning(name + tone, emoji))).toEqual(emoji.deny.map(() => false))
    }
    expect(sameEmoji({ id: null, name: `${yes}\u{1f3fd}` }, yes)).toBe(true)
    expect(sameEmoji({ id: null, name: no }, yes)).toBe(false)
  },
)

test('the page about the chats lists them all', () => {
  const page = readFileSync('docs/slack-and-discord.md', 'utf8')
  for (const signs of [YES, NO]) expect(page).toContain(Object.keys(signs).join(' '))
})

test('every sign is one that is drawn as an emoji by itself, so that Discord takes it as it stands', () => {
  for (const sign of SIGNS) expect(sign).toMatch(/^\p{Emoji_Presentation}$/u)
  expect(SIGNS).toEqual(expect.arrayContaining([REACTIONS.yes, REACTIONS.no]))
})
