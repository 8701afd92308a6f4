import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkDiscord, type DiscordCheckOptions, inviteLink } from '../../../adapters/discord/index.ts'
import { commands } from '../../../commands/index.ts'
import { adapterOn, startDiscord } from './rig.ts'
import type { Discord } from './stub.ts'
import { APP, GUILD, INCIDENTS, PEOPLE, TOKEN } from './world.ts'

const ROLE = '500000000000000001'
const ALL = new URL(inviteLink(APP)).searchParams.get('permissions') ?? ''
const LINK = {
  ok: true,
  says: `Discord: this link lets the bot into a server, with exactly what it needs: ${inviteLink(APP)}`,
}

let discord: Discord
beforeEach(async () => {
  discord = await startDiscord()
  discord.world.everyone = ALL
})
afterEach(async () => {
  await discord.close()
  expect(discord.wrong).toEqual([])
})

const check = (more: Partial<DiscordCheckOptions> = {}) =>
  checkDiscord({ token: TOKEN, guild: GUILD, incidents: null, ids: [], calls: [], api: discord.api, ...more })
const bad = async (more?: Partial<DiscordCheckOptions>) => (await check(more)).filter(({ ok }) => !ok)
const denied = (code: number) => ({ status: 403, body: { code, message: 'no' } })

test('a server in which all is well', async () => {
  discord.world.roles.set(ROLE, { users: [PEOPLE.ada.id], mentionable: true })
  const ids = [`discord:${PEOPLE.ada.id}`, `discord:role:${ROLE}`]
  expect(await check({ incidents: INCIDENTS, ids, calls: ids })).toEqual([
    { ok: true, says: `Discord: logged in as lanekeeper (application ${APP}), in the server a server` },
    { ok: true, says: 'Discord: the bot makes /pcie known when it starts' },
    { ok: true, says: 'Discord: the bot has every permission in the incident channel #incidents' },
    { ok: true, says: `Discord: discord:${PEOPLE.ada.id} of the policy is ada` },
    { ok: true, says: `Discord: discord:role:${ROLE} of the policy is the role role 01` },
    LINK,
  ])
})

test('nothing is posted or registered; what is registered is seen', async () => {
  const adapter = adapterOn(discord, { commands })
  await adapter.start(async () => undefined)
  await adapter.stop()
  discord.requests.length = 0
  expect((await check()).map(({ says }) => says)).toContain('Discord: the server knows /pcie')
  expect(discord.requests.filter(({ operation }) => !operation.startsWith('GET '))).toEqual([])
})

describe('logging in', () => {
  test.each([
    ['a wrong token', 'another.bad.token'],
    ['no token', ''],
  ])('%s', async (_, token) => {
    const checks = await check({ token })
    expect(checks).toMatchObject([
      { ok: false, says: expect.stringContaining('token is not valid'), hint: expect.stringContaining('Reset Token') },
      { ok: false, says: expect.stringContaining('invite link is not known') },
    ])
    expect(JSON.stringify(checks)).not.toContain('bad.token')
  })
  test('a bot that is not in the server is told so, with the link', async () => {
    expect(await check({ guild: '12345' })).toEqual([
      {
        ok: false,
        says: 'Discord: the bot is not in the server 12345',
        hint: expect.stringContaining(inviteLink(APP)),
      },
      LINK,
    ])
  })
  test('Discord out of reach is told in words', async () => {
    const [first] = await check({ api: 'http://127.0.0.1:9/api' })
    expect(first).toMatchObject({ ok: false, hint: expect.stringContaining('reaches discord.com') })
    expect(first?.says).not.toMatch(/\n +at /)
  })
  test('a scope that is missing comes with the link that gives it', async () => {
    discord.fault(({ operation }) => operation.startsWith('GET /applications'), denied(50001))
    expect(await bad()).toMatchObject([
      {
        says: expect.stringContaining('scope applications.commands is missing'),
        hint: expect.stringContaining(inviteLink(APP)),
      },
    ])
  })
})

describe('the incident channel', () => {
  test('without permissions names those that are missing, and no other', async () => {
    discord.world.everyone = String(BigInt(ALL) & ~((1n << 6n) | (1n << 15n)))
    const [one, ...more] = await bad({ incidents: INCIDENTS })
    expect(more).toEqual([])
    expect(one?.says).toBe('Discord: 2 of 8 permissions are missing in the incident channel #incidents')
    expect(one?.hint).toMatch(/Attach Files/)
    expect(one?.hint).toMatch(/Add Reactions/)
    expect(one?.hint).not.toMatch(/Send Messages|View Channel/)
  })
  test('that is not there', async () => {
    expect(await bad({ incidents: '123456' })).toMatchObject([
      { says: expect.stringContaining('there is no such channel'), hint: expect.stringContaining('Copy Channel ID') },
    ])
  })
  test('that is hidden', async () => {
    discord.fault(({ operation }) => operation === 'GET /channels/C', denied(50001))
    expect(await bad({ incidents: '123456' })).toMatchObject([
      { says: expect.stringContaining('cannot see the channel') },
    ])
  })
})

describe('people and roles of the policy', () => {
  test('a role that is gone, and one that does not hear its call', async () => {
    discord.world.roles.set(ROLE, { users: [], mentionable: false })
    const ids = ['discord:role:500000000000000009', `discord:role:${ROLE}`]
    expect(await bad({ ids, calls: ids })).toMatchObject([
      {
        says: 'Discord: there is no role 500000000000000009 in the server',
        hint: expect.stringContaining('in the policy'),
      },
      { says: expect.stringContaining('does not hear it'), hint: expect.stringContaining('Allow anyone to @mention') },
    ])
  })
  test('a role that is not called need not hear', async () => {
    discord.world.roles.set(ROLE, { users: [], mentionable: false })
    expect(await bad({ ids: [`discord:role:${ROLE}`] })).toEqual([])
  })
  test('somebody who has left', async () => {
    discord.world.left.add(PEOPLE.ada.id)
    expect(await bad({ ids: [`discord:${PEOPLE.ada.id}`] })).toMatchObject([
      { says: expect.stringContaining('nobody in the server'), hint: expect.stringContaining('Copy User ID') },
    ])
  })
  test('somebody who cannot be looked up is not taken as well', async () => {
    discord.fault(({ operation }) => operation === 'GET /guilds/G/members/U', { status: 503 })
    expect(await bad({ ids: [`discord:${PEOPLE.ada.id}`] })).toMatchObject([{ says: expect.stringContaining('503') }])
  })
})

test('no token stands in what is said', async () => {
  discord.fault(() => true, { status: 500, body: { code: 0, message: 'no' } })
  expect(JSON.stringify(await check())).not.toContain(TOKEN)
})
