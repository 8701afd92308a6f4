import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { INTENTS, inviteLink, PERMISSIONS } from '../../../adapters/discord/index.ts'
import type { Card } from '../../../src/cards/card.ts'
import type { ChatAdapter } from '../../../src/chat/adapter.ts'
import { OperatorError } from '../../../src/errors.ts'
import { adapterOn, type People, peopleOn, startDiscord } from './rig.ts'
import type { Answer } from './routes.ts'
import { problems } from './spec.ts'
import type { Discord } from './stub.ts'
import { GUILD, OPS, PEOPLE } from './world.ts'

let discord: Discord
let people: People
let adapter: ChatAdapter
const heard = async () => undefined
const card: Card = { title: 'a card', tone: 'info', blocks: [{ type: 'text', text: 'words' }] }
const long: Card = { ...card, blocks: [{ type: 'text', text: 'word\n'.repeat(5000) }] }
const denied = (code: number, message = 'no'): Answer => ({ status: 403, body: { code, message } })

beforeEach(async () => {
  discord = await startDiscord()
  people = peopleOn(discord)
  adapter = adapterOn(discord)
})
afterEach(async () => {
  await adapter.stop()
  await discord.close()
  expect(discord.wrong).toEqual([])
})

/** The error a person gets to read. */
async function error(act: Promise<unknown>): Promise<{ code: string; says: string; hint: string }> {
  const caught = await act.then(
    () => new Error('it worked'),
    (one: unknown) => one,
  )
  if (!(caught instanceof OperatorError)) throw caught
  return { code: caught.code, says: caught.message, hint: caught.hint ?? '' }
}

describe('logging in', () => {
  test.each([
    ['a wrong token', 'another.bad.token'],
    ['no token at all', ''],
  ])('%s', async (_, token) => {
    const told = await error(adapterOn(discord, { token }).start(heard))
    expect(told).toMatchObject({ code: 'login-refused', says: expect.stringContaining('token is not valid') })
    expect(told.hint).toContain('Reset Token')
    expect(JSON.stringify(told)).not.toContain('bad.token')
  })
  test('an intent that is not allowed', async () => {
    discord.gateway.refuseWith(4014)
    const told = await error(adapter.start(heard))
    expect(told.code).toBe('login-refused')
    expect(told.hint).toContain('Developer Portal')
  })
  test('a bot that is not in the server gets the link that lets it in', async () => {
    const told = await error(adapterOn(discord, { guild: '1' }).start(heard))
    expect(told).toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('https://discord.com/oauth2/authorize'),
    })
  })
  test('a platform that is down is told as that, and the adapter can be started later', async () => {
    discord.fault(() => true, { status: 503 })
    expect(await error(adapter.start(heard))).toMatchObject({ says: expect.stringContaining('503') })
    expect(await error(adapter.post(OPS, card))).toMatchObject({ code: 'connection-lost' })
    discord.heal()
    await adapter.start(heard)
    await adapter.post(OPS, card)
  })
  test('commands that may not be registered', async () => {
    discord.fault(({ operation }) => operation.startsWith('PUT /applications'), denied(50001, 'Missing Access'))
    const told = await error(adapter.start(heard))
    expect(told.says).toContain(`registering /pcie in server ${GUILD}: the scope applications.commands is missing`)
    expect(told.hint).toContain('https://discord.com/oauth2/authorize')
  })
})

describe('speaking', () => {
  test.each<[string, number, string, string]>([
    ['a channel that is gone', 10003, 'not-found', 'Copy Channel ID'],
    ['a channel that is hidden', 50001, 'act-failed', 'View Channel'],
    ['a permission that is missing', 50013, 'act-failed', 'Send Messages (to post cards)'],
  ])('%s', async (_, code, kind, hint) => {
    await adapter.start(heard)
    discord.fault(({ operation }) => operation === 'POST /channels/C/messages', denied(code))
    expect(await error(adapter.post(OPS, card))).toMatchObject({ code: kind, hint: expect.stringContaining(hint) })
  })
  test('only what is missing is named, where that can be told', async () => {
    const bits = { ViewChannel: 1n << 10n, SendMessages: 1n << 11n, AttachFiles: 1n << 15n }
    discord.world.everyone = String(bits.ViewChannel | bits.SendMessages | bits.AttachFiles)
    await adapter.start(heard)
    discord.fault(({ operation }) => operation === 'POST /channels/C/messages', denied(50013))
    const { hint } = await error(adapter.post(OPS, long))
    expect(hint).toContain('Embed Links')
    expect(hint).not.toMatch(/Send Messages|Attach Files/)
  })
  test('a card that was deleted', async () => {
    await adapter.start(heard)
    const at = await adapter.post(OPS, card)
    discord.world.gone.add(at.message)
    expect(await error(adapter.edit(at, card))).toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('/pcie status'),
    })
    const step = await adapter.post(OPS, card, { thread: at })
    expect(step.thread).toBeNull()
    expect(people.messageOf(step.message).channel).toBe(OPS)
  })
  test('5xx answers are given up after a few tries', async () => {
    await adapter.start(heard)
    discord.fault(({ operation }) => operation === 'POST /channels/C/messages', { status: 502 })
    expect((await error(adapter.post(OPS, card))).says).toContain('502')
    expect(discord.asked('POST /channels/C/messages').length).toBeLessThanOrEqual(4)
  })
  test('429 is waited out', async () => {
    await adapter.start(heard)
    const body = { message: 'You are being rate limited.', retry_after: 0.5, global: false }
    discord.fault(
      ({ operation }) => operation === 'POST /channels/C/messages',
      { status: 429, body, headers: { 'retry-after': '0.5' } },
      1,
    )
    const before = performance.now()
    await adapter.post(OPS, card)
    expect(performance.now() - before).toBeGreaterThan(450)
    expect(people.inChannel(OPS)).toHaveLength(1)
  })
  test('an answer that was lost does not make a second message', async () => {
    await adapter.start(heard)
    const at = await adapter.post(OPS, card)
    const [first] = discord.asked('POST /channels/C/messages')
    if (first) discord.routes.answer(first)
    expect(people.inChannel(OPS).map(({ id }) => id)).toEqual([at.message])
  })
  test('one thread per message, though many write at once; an archived one is opened again', async () => {
    await adapter.start(heard)
    const root = await adapter.post(OPS, card)
    const steps = await Promise.all([1, 2, 3].map(() => adapter.post(OPS, card, { thread: root })))
    expect(steps.map(({ thread }) => thread)).toEqual([root.message, root.message, root.message])
    expect(discord.world.threads.size).toBe(1)
    const thread = discord.world.threads.get(root.message)
    if (thread) thread.archived = true
    const late = await adapter.post(OPS, card, { thread: root })
    expect(late.thread).toBe(root.message)
    expect(thread?.archived).toBe(false)
    await adapter.edit(late, { ...card, title: 'edited there' })
    expect(people.read(people.messageOf(late.message))).toContain('edited there')
  })
  test('inside a thread there can be no other: what follows is a reply', async () => {
    await adapter.start(heard)
    const root = await adapter.post(OPS, card)
    await adapter.post(OPS, card, { thread: root })
    const inner = await adapter.post(root.message, card)
    const step = await adapter.post(root.message, card, { thread: inner })
    expect(people.messageOf(step.message)).toMatchObject({ channel: root.message, replyTo: inner.message })
  })
  test('what is too long for a message is attached to it, and goes when it is not any more', async () => {
    await adapter.start(heard)
    const at = await adapter.post(OPS, long)
    expect(people.messageOf(at.message).files).toMatchObject([{ name: 'card.txt' }])
    await adapter.edit(at, long)
    expect(people.messageOf(at.message).files[0]?.text).toContain('word\nword')
    await adapter.edit(at, card)
    expect(people.messageOf(at.message).files).toEqual([])
  })
})

test('a quiet life leaves no trouble in the log, and no token ever', async () => {
  const log: string[] = []
  const put = (level: string) => (about: object, words: string) =>
    void log.push(`${level} ${words} ${JSON.stringify(about)}`)
  const logged = adapterOn(discord, { log: { info: put('info'), warn: put('warn'), error: put('error') } as never })
  await logged.start(heard)
  await logged.post(OPS, card)
  await logged.stop()
  expect(log).toEqual([])
  await logged.start(async () => {
    throw new Error('a bug')
  })
  const late = people.complete('explain', { finding: 'iommu' }, 'finding')
  late.late = true
  people.type('/pcie nodes')
  await expect.poll(() => log.length).toBe(2)
  await logged.stop()
  expect(log.join()).toMatch(/could not be dealt with.*a bug/)
  expect(log.join()).not.toContain(late.token)
})

test('reactions that may not be read are told in the log with the permission, and hold no card up', async () => {
  const log: { hint?: string }[] = []
  const warn = (about: object) => void log.push(about)
  adapter = adapterOn(discord, { log: { info: warn, warn, error: warn } as never })
  await adapter.start(heard)
  const at = await adapter.post(OPS, card)
  discord.fault(({ operation }) => operation === 'GET /channels/C/messages/M', denied(50001))
  const asking = { change: { id: 'c1', state: 'proposed', digest: 'd' }, asks: 'approval' } as const
  await adapter.edit(at, { ...card, ...asking, title: 'the plan' })
  expect(people.read(people.messageOf(at.message))).toContain('the plan')
  await expect.poll(() => log.map(({ hint }) => hint).join()).toContain('Read Message History')
})

describe('a file', () => {
  const file = { name: 'topology.svg', type: 'image/svg+xml', content: Buffer.from('<svg/>') }
  test('stands in the thread of the card, which is named after the card', async () => {
    await adapter.start(heard)
    const root = await adapter.post(OPS, card)
    await adapter.attach(root, file)
    const step = await adapter.post(OPS, card, { thread: root })
    await adapter.attach(step, file)
    expect([...discord.world.threads.values()].map(({ id, name }) => [id, name])).toEqual([[root.message, 'a card']])
    expect(people.inChannel(root.message).flatMap(({ files }) => files.map(({ text }) => text))).toEqual([
      '<svg/>',
      '<svg/>',
    ])
  })
  test('follows the card where there can be no thread', async () => {
    await adapter.start(heard)
    const root = await adapter.post(OPS, card)
    discord.world.gone.add(root.message)
    await adapter.attach(root, file)
    expect(people.inChannel(OPS).at(-1)).toMatchObject({ replyTo: root.message, files: [{ text: '<svg/>' }] })
  })
  test('that is too large is told as that, and nothing is sent', async () => {
    await adapter.start(heard)
    const at = await adapter.post(OPS, card)
    const told = await error(adapter.attach(at, { ...file, content: new Uint8Array(11 * 1024 * 1024) }))
    expect(told).toMatchObject({ code: 'size-limit', says: expect.stringContaining('topology.svg') })
    expect(discord.world.threads.size).toBe(0)
  })
  test('that may not be attached names the permission', async () => {
    await adapter.start(heard)
    const at = await adapter.post(OPS, card)
    discord.fault(({ operation }) => operation === 'POST /channels/C/messages', denied(50013))
    expect(await error(adapter.attach(at, file))).toMatchObject({
      code: 'act-failed',
      hint: expect.stringContaining('Attach Files'),
    })
  })
})

describe('roles', () => {
  const [owners, others, fresh] = ['500000000000000001', '500000000000000002', '500000000000000003']
  const ada = { id: `discord:${PEOPLE.ada.id}`, name: 'ada', bot: false }
  const among = [`discord:role:${owners}`, `discord:role:${others}`]
  beforeEach(() => {
    discord.world.roles.set(owners, { users: [PEOPLE.ada.id], mentionable: true })
    discord.world.roles.set(others, { users: [], mentionable: false })
  })
  test('are asked anew every time', async () => {
    await adapter.start(heard)
    expect(await adapter.groupsOf(ada, among)).toEqual([`discord:role:${owners}`])
    discord.world.roles.set(owners, { users: [], mentionable: true })
    discord.world.roles.set(others, { users: [PEOPLE.ada.id], mentionable: false })
    expect(await adapter.groupsOf(ada, among)).toEqual([`discord:role:${others}`])
    expect(discord.asked('GET /guilds/G/members/U')).toHaveLength(2)
  })
  test('somebody who has left the server has none', async () => {
    await adapter.start(heard)
    discord.world.left.add(PEOPLE.ada.id)
    expect(await adapter.groupsOf(ada, among)).toEqual([])
  })
  test('one that is gone is an error, though the person has another', async () => {
    await adapter.start(heard)
    expect(await error(adapter.groupsOf(ada, [...among, `discord:role:${fresh}`]))).toMatchObject({
      code: 'not-found',
      says: `Discord: there is no role ${fresh} in the server`,
      hint: expect.stringContaining('in the policy'),
    })
  })
  test('one that was made after the start is known', async () => {
    await adapter.start(heard)
    discord.world.roles.set(fresh, { users: [PEOPLE.ada.id], mentionable: true })
    expect(await adapter.groupsOf(ada, [`discord:role:${fresh}`])).toEqual([`discord:role:${fresh}`])
  })
  test.each<[string, Answer, string]>([
    ['the server is hidden', denied(50001), 'act-failed'],
    ['Discord is in trouble', { status: 503 }, 'act-failed'],
    [
      'the token is not valid any more',
      { status: 401, body: { code: 0, message: '401: Unauthorized' } },
      'login-refused',
    ],
  ])('that cannot be looked up (%s) are an error, not an empty list', async (_, answer, code) => {
    await adapter.start(heard)
    discord.fault(({ operation }) => operation === 'GET /guilds/G/members/U', answer)
    expect(await error(adapter.groupsOf(ada, among))).toMatchObject({ code })
  })
  test('without a connection they cannot be looked up either', async () => {
    expect(await error(adapter.groupsOf(ada, among))).toMatchObject({ code: 'connection-lost' })
  })
  test('one that is called and cannot hear it is told in the log, once, with the setting', async () => {
    const log: unknown[] = []
    const warn = (about: object) => void log.push(about)
    adapter = adapterOn(discord, { log: { info: warn, warn, error: warn } as never })
    await adapter.start(heard)
    for (const _ of [1, 2]) await adapter.post(OPS, { ...card, calls: [...among, `discord:role:${fresh}`] })
    expect(log).toMatchObject([
      { role: others, hint: expect.stringContaining('Allow anyone to @mention this role') },
      { role: fresh, hint: expect.stringContaining('in the policy') },
    ])
  })
})

test('the stand-in is strict: it refuses what Discord refuses', () => {
  const wrong = (body: object) =>
    problems('POST /channels/C/messages', 'request', { nonce: '1', allowed_mentions: { parse: [] }, ...body })
  expect(wrong({ content: 'fine' })).toEqual([])
  expect(wrong({ contnet: 'misspelt' })).not.toEqual([])
  expect(wrong({ embeds: [{ titel: 'misspelt' }] })).not.toEqual([])
  expect(wrong({ content: 'x'.repeat(2001) })).not.toEqual([])
  expect(wrong({ content: ' ' })).not.toEqual([])
  expect(wrong({ content: 'x', allowed_mentions: { parse: ['users'] } })).not.toEqual([])
  expect(wrong({ content: '<@12345>' })).not.toEqual([])
  expect(wrong({ content: 'x', allowed_mentions: { parse: [], roles: ['123456789012345678'] } })).not.toEqual([])
  expect(wrong({ embeds: Array.from({ length: 2 }, () => ({ description: 'x'.repeat(3001) })) })).not.toEqual([])
})

test('the invite link asks for exactly what is used', () => {
  const link = new URL(inviteLink('42'))
  expect(Object.fromEntries(link.searchParams)).toEqual({
    client_id: '42',
    scope: 'bot applications.commands',
    permissions: String(
      (1n << 6n) | (1n << 10n) | (1n << 11n) | (1n << 14n) | (1n << 15n) | (1n << 16n) | (1n << 35n) | (1n << 38n),
    ),
  })
  expect(Object.keys(PERMISSIONS)).toHaveLength(8)
  expect(INTENTS).toEqual(['Guilds', 'GuildMessageReactions'])
})
