import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Offer } from '../../../adapters/discord/index.ts'
import type { Card } from '../../../src/cards/card.ts'
import type { MessageRef } from '../../../src/changes/change.ts'
import type { ChatAdapter, Incoming } from '../../../src/chat/adapter.ts'
import type { RecordStore } from '../../../src/chat/card-record.ts'
import { createMemoryStore } from '../../../src/store/memory-store.ts'
import { adapterOn, type People, peopleOn, quiet, startDiscord } from './rig.ts'
import type { Discord } from './stub.ts'
import { BOT, OPS, PEOPLE } from './world.ts'

let discord: Discord
let people: People
let adapter: ChatAdapter
let heard: string[]
let offers: RecordStore<Offer>

const card = (state: 'proposed' | 'approved' | 'closed' | null, text = 'the plan'): Card => ({
  title: 'node3: broken',
  tone: 'warn',
  blocks: [
    { type: 'heading', text: 'Plan' },
    { type: 'text', text },
  ],
  ...(state && { change: { id: 'c1', state, digest: 'abc' } }),
  ...(state === 'proposed' && { asks: 'approval' as const }),
})
const hear = async (one: Incoming) => {
  if (one.kind === 'reaction')
    heard.push(
      `${one.by.name}${one.by.bot ? ' (bot)' : ''} ${one.yes ? '✅' : '❌'} ${one.given ? 'given' : 'taken back'}`,
    )
}
const warnings: string[] = []
const start = async (more: Parameters<typeof adapterOn>[1] = {}) => {
  const log = { ...quiet, warn: (_: object, words: string) => void warnings.push(words) }
  adapter = adapterOn(discord, { offers, log: log as never, ...more })
  await adapter.start(hear)
}
const on = (message: string) => people.messageOf(message).reactions
const quietFor = () => sleep(60)

beforeEach(async () => {
  discord = await startDiscord()
  people = peopleOn(discord)
  heard = []
  warnings.length = 0
  offers = createMemoryStore(Offer)
  await start()
})
afterEach(async () => {
  await adapter.stop()
  await discord.close()
  expect(discord.wrong).toEqual([])
})

/** As the commands do it: a message of progress becomes the card. */
const asking = async (text?: string): Promise<MessageRef> => {
  const at = await adapter.post(OPS, card(null))
  await adapter.edit(at, card('proposed', text))
  return at
}
const seeded = async (text?: string): Promise<MessageRef> => {
  const at = await asking(text)
  await expect.poll(() => [...on(at.message).keys()]).toEqual(['✅', '❌'])
  return at
}

test('a card that asks gets both reactions from the bot, which are never passed on', async () => {
  const at = await seeded()
  await quietFor()
  expect(on(at.message).get('✅')).toEqual([BOT])
  expect(heard).toEqual([])
})

test('bots are flagged, other emoji are nothing, skin tones and custom emoji are told apart', async () => {
  await adapter.stop()
  await start({ reactions: { yes: '👍', no: '<:no:123456789012345678>' } })
  const { message } = await asking()
  await expect.poll(() => [...on(message).keys()]).toEqual(['👍', 'no:123456789012345678'])
  people.react(message, true, 'robot', '👍')
  people.react(message, true, 'ada', '👍🏽')
  people.react(message, true, 'ada', '🎉')
  people.react(message, false, 'ada', 'no:123456789012345678')
  // In no order: the bot may just be reading back who reacted, when they do.
  await expect.poll(() => heard.toSorted()).toEqual(['ada ✅ given', 'ada ❌ given', 'robot (bot) ✅ given'])
})

test('the same event twice is one reaction; taken back and given again are three', async () => {
  const { message } = await seeded()
  people.react(message, true)
  discord.gateway.repeat()
  await expect.poll(() => heard).toEqual(['ada ✅ given'])
  people.takeBack(message, true)
  people.react(message, true)
  await expect.poll(() => heard).toEqual(['ada ✅ given', 'ada ✅ taken back', 'ada ✅ given'])
})

test('a dropped socket is resumed, and what came meanwhile counts once', async () => {
  const { message } = await seeded()
  people.react(message, false, 'olga')
  await expect.poll(() => heard).toHaveLength(1)
  discord.gateway.drop()
  people.react(message, true)
  await expect.poll(() => heard, { timeout: 20_000 }).toEqual(['olga ❌ given', 'ada ✅ given'])
  await adapter.edit({ adapter: 'discord', channel: OPS, message, thread: null }, card('proposed', 'again'))
  await quietFor()
  expect(discord.gateway.log).toEqual(['IDENTIFY', 'RESUME'])
  expect(heard).toHaveLength(2)
})

test('a session that is lost is made up for by reading back', async () => {
  const { message } = await seeded()
  discord.gateway.drop(false)
  people.react(message, true)
  await expect.poll(() => heard, { timeout: 30_000 }).toEqual(['ada ✅ given'])
  expect(discord.gateway.log).toEqual(['IDENTIFY', 'RESUME', 'IDENTIFY'])
})

test('what is given and taken back while the bot is down is read back at its start, once', async () => {
  const { message } = await seeded()
  people.react(message, true, 'ada')
  await expect.poll(() => heard).toHaveLength(1)
  await adapter.stop()
  people.takeBack(message, true, 'ada')
  people.react(message, false, 'olga')
  people.react(message, true, 'robot')
  await start()
  await expect.poll(() => heard).toEqual(['ada ✅ given', 'ada ✅ taken back', 'olga ❌ given', 'robot (bot) ✅ given'])
  await adapter.stop()
  await start()
  await quietFor()
  expect(heard).toHaveLength(4)
})

test('what is taken back and given again stays in order, though the person has to be looked up', async () => {
  const { message } = await seeded()
  people.react(message, true)
  await expect.poll(() => heard).toHaveLength(1)
  await adapter.stop()
  await start()
  people.takeBack(message, true)
  people.react(message, true)
  await expect.poll(() => heard.slice(1)).toEqual(['ada ✅ taken back', 'ada ✅ given'])
})

test('a reaction on a card from before the restart is heard, though nothing of it is in memory', async () => {
  const { message } = await seeded()
  await adapter.stop()
  await start()
  people.react(message, true)
  await expect.poll(() => heard).toEqual(['ada ✅ given'])
  expect(warnings).toEqual([])
  people.takeBack(message, true)
  await expect.poll(() => heard[1]).toBe('ada ✅ taken back')
})

test('without a store, nobody knows who saw the plan: a yes from before has to be given again', async () => {
  const at = await seeded()
  await adapter.stop()
  people.react(at.message, true)
  adapter = adapterOn(discord)
  await adapter.start(hear)
  await adapter.edit(at, card('proposed', 'rendered again'))
  await expect.poll(() => people.whispered('ada').join()).toContain('before the plan was there')
  expect(heard).toEqual([])
})

test('a yes between an edit that failed and the one that came through approves nothing; a no counts', async () => {
  const at = await adapter.post(OPS, card(null))
  discord.fault(({ operation }) => operation.startsWith('PATCH /channels'), { status: 400 }, 1)
  await expect(adapter.edit(at, card('proposed'))).rejects.toThrow()
  people.react(at.message, true)
  people.react(at.message, false, 'olga')
  await expect.poll(() => heard).toEqual(['olga ❌ given'])
  await adapter.stop()
  people.react(at.message, true, 'olga')
  await start()
  await quietFor()
  await adapter.edit(at, card('proposed'))
  await expect.poll(() => people.whispered('ada')).toHaveLength(1)
  expect(people.whispered('ada').join()).toContain('before the plan was there')
  await quietFor()
  expect(heard).toEqual(['olga ❌ given'])
  people.takeBack(at.message, true)
  people.react(at.message, true)
  await expect.poll(() => heard).toEqual(['olga ❌ given', 'ada ✅ taken back', 'ada ✅ given'])
  expect(people.whispered('ada')).toHaveLength(1)
})

test('a reaction from before the plan was there approves nothing, until it is given again', async () => {
  const at = await adapter.post(OPS, card(null))
  people.react(at.message, true)
  people.react(at.message, true, 'robot')
  await expect.poll(() => heard).toHaveLength(2)
  heard = []
  await adapter.edit(at, card('proposed'))
  await expect.poll(() => people.whispered('ada').join()).toContain('before the plan was there')
  await adapter.edit(at, card('proposed', 'once more'))
  await quietFor()
  expect(heard).toEqual([])
  people.takeBack(at.message, true)
  people.react(at.message, true)
  await expect.poll(() => heard).toEqual(['ada ✅ taken back', 'ada ✅ given'])
  expect(people.whispered('robot')).toEqual([])
})

test('a yes while the edit waits for its turn approves nothing', async () => {
  const at = await adapter.post(OPS, card(null))
  const limit = {
    status: 429,
    headers: { 'retry-after': '3' },
    body: { message: 'slow down', retry_after: 3, global: false },
  }
  const isEdit = ({ operation }: { operation: string }) => operation.startsWith('PATCH /channels')
  let limited = false
  const seen = (request: { operation: string }) => {
    limited ||= isEdit(request)
    return isEdit(request)
  }
  discord.fault(seen, limit, 1)
  const edited = adapter.edit(at, card('proposed'))
  await expect.poll(() => limited).toBe(true)
  people.react(at.message, true)
  await edited
  await expect.poll(() => people.whispered('ada').join()).toContain('before the plan was there')
  expect(heard).toEqual([])
})

test('a plan that is too long is not offered: a yes on it is answered, a no counts', async () => {
  const at = await asking('word '.repeat(4000))
  people.react(at.message, true)
  await expect.poll(() => people.whispered('ada').join()).toContain('/pcie approve c1')
  expect(on(at.message).get('✅')).toEqual([PEOPLE.ada.id])
  const shown = people.messageOf(at.message)
  expect(people.read(shown)).toMatch(/\d+ more lines are left out here; c1\.txt .*✅ approves nothing; ❌ denies.*abc/s)
  expect(shown.files[0]?.text).toContain('word '.repeat(4000).trim())
  await adapter.edit(at, card('proposed', 'short now'))
  expect(people.messageOf(at.message).files).toEqual([])
  expect(heard).toEqual([])
  await adapter.edit(at, card('proposed', 'word '.repeat(4000)))
  people.react(at.message, false)
  await expect.poll(() => heard).toEqual(['ada ❌ given'])
  people.takeBack(at.message, false)
  await expect.poll(() => heard).toEqual(['ada ❌ given', 'ada ❌ taken back'])
})

test('a yes from before the plan got too long counts until it is taken back', async () => {
  const at = await seeded()
  people.react(at.message, true)
  await expect.poll(() => heard).toHaveLength(1)
  await adapter.edit(at, card('proposed', 'word '.repeat(4000)))
  people.takeBack(at.message, true)
  await expect.poll(() => heard).toEqual(['ada ✅ given', 'ada ✅ taken back'])
  people.react(at.message, true)
  await expect.poll(() => people.whispered('ada').join()).toContain('approves nothing')
  expect(heard).toHaveLength(2)
})

test('reactions count until the start, and are forgotten when the change is over', async () => {
  const at = await seeded()
  people.react(at.message, true)
  await expect.poll(() => heard).toHaveLength(1)
  await adapter.edit(at, card('approved'))
  people.takeBack(at.message, true)
  await expect.poll(() => heard[1]).toBe('ada ✅ taken back')
  await adapter.edit(at, card('closed'))
  expect(await offers.list()).toEqual([])
})

test('an approved card is asked for what nobody was told, before it starts; what cannot be read is an error', async () => {
  const at = await seeded()
  people.react(at.message, true)
  await expect.poll(() => heard).toEqual(['ada ✅ given'])
  await adapter.edit(at, card('approved'))
  await quietFor()
  people.messageOf(at.message).reactions.delete('✅')
  const reading = ({ operation }: { operation: string }) => operation === 'GET /channels/C/messages/M'
  discord.fault(reading, { status: 400 }, 1)
  await expect(adapter.hearOut(at)).rejects.toThrow()
  expect(heard).toHaveLength(1)
  await adapter.hearOut(at)
  expect(heard).toEqual(['ada ✅ given', 'ada ✅ taken back'])
  await adapter.hearOut({ ...at, message: '1999999999999999999' })
})

test('where the bot may not react, people are told once how else to approve, and which permission is missing', async () => {
  discord.fault(({ operation }) => operation.startsWith('PUT /channels'), {
    status: 403,
    body: { code: 50013, message: 'Missing Permissions' },
  })
  const { message } = await asking()
  await asking()
  const notes = () =>
    people
      .inChannel(OPS)
      .map(people.read)
      .filter((one) => one.includes('I cannot put the reactions'))
  await expect.poll(notes).toHaveLength(1)
  expect(notes()[0]).toContain('Add Reactions')
  expect(notes()[0]).toContain('/pcie approve c1')
  people.react(message, true)
  await expect.poll(() => heard).toEqual(['ada ✅ given'])
})

test('more than a hundred reactions are read to the end', async () => {
  const { message } = await seeded()
  await adapter.stop()
  on(message).set('✅', [BOT, ...Array.from({ length: 150 }, (_, n) => String(610000000000000000n + BigInt(n)))])
  await start()
  await expect.poll(() => heard).toHaveLength(150)
})

test('a card that was deleted is forgotten', async () => {
  const { message } = await seeded()
  await adapter.stop()
  discord.world.gone.add(message)
  await start()
  await expect.poll(() => offers.list()).toEqual([])
})

test('reading back is tried again when Discord is in trouble', async () => {
  const { message } = await seeded()
  await adapter.stop()
  people.react(message, true)
  discord.fault(({ operation }) => operation === 'GET /channels/C/messages/M', { status: 503 }, 4)
  await start()
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['ada ✅ given'])
})
