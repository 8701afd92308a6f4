import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkSlack, type SlackCheckOptions } from '../../../adapters/slack/index.ts'
import manifest from '../../../adapters/slack/manifest.json' with { type: 'json' }
import { BOT_TOKEN, SIGNING_SECRET } from './emulator.ts'
import type { Called, Fault } from './front.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

let workspace: Workspace
let granted: readonly string[] | null
let fault: (called: Called) => Fault | undefined
beforeAll(async () => {
  workspace = await openWorkspace('socket')
})
afterAll(() => workspace.close())
beforeEach(() => {
  granted = manifest.oauth_config.scopes.bot
  fault = () => undefined
  workspace.front.calls.length = 0
  workspace.front.state.groups = {}
  workspace.front.state.fault = (called) => fault(called) ?? login(called)
})

/** The emulator does not say in a header which scopes the token has, as Slack does. */
const login = ({ method, token }: Called): Fault | undefined =>
  method === 'auth.test' && token === BOT_TOKEN
    ? {
        status: 200,
        headers: granted ? { 'x-oauth-scopes': granted.join(',') } : {},
        body: { ok: true, user: 'lanekeeper', team: 'a team', user_id: 'U0LANEKEEPER' },
      }
    : undefined
const answers = (method: string, error: string, more: object = {}) => {
  fault = (called) => (called.method === method ? { status: 200, body: { ok: false, error, ...more } } : undefined)
}
const channelIs = (differs: object) => {
  const channel = { id: workspace.incidents, name: 'incidents', is_member: true, ...differs }
  fault = ({ method }) => (method === 'conversations.info' ? { status: 200, body: { ok: true, channel } } : undefined)
}
const check = (more: Partial<SlackCheckOptions> = {}) =>
  checkSlack({
    botToken: BOT_TOKEN,
    entrance: { appToken: 'xapp-1' },
    apiUrl: `${workspace.front.url}/api/`,
    incidents: null,
    ids: [],
    ...more,
  })
const bad = async (more?: Partial<SlackCheckOptions>) => (await check(more)).filter(({ ok }) => !ok)

test('a workspace in which all is well', async () => {
  channelIs({})
  workspace.front.state.groups = { S0OWNERS: [workspace.people.ann] }
  const ids = [`slack:${workspace.people.ann}`, 'slack:group:S0OWNERS']
  const checks = await check({ incidents: '#incidents', ids })
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
  expect(checks.map(({ says }) => says)).toEqual([
    'Slack: logged in as lanekeeper in a team',
    'Slack: the app has every scope of the manifest',
    'Slack: Socket Mode can be opened with the app-level token',
    'Slack: the bot is in the incident channel #incidents',
    `Slack: slack:${workspace.people.ann} of the policy is ann`,
    'Slack: slack:group:S0OWNERS of the policy is a user group of 1',
  ])
})

test('nothing is posted and no socket is opened', async () => {
  await check({ incidents: 'incidents', ids: [`slack:${workspace.people.ann}`] })
  const methods = new Set(workspace.front.calls.map(({ method }) => method))
  const asked = ['auth.test', 'apps.connections.open', 'conversations.list', 'conversations.info', 'users.info']
  expect([...methods].filter((method) => !asked.includes(method))).toEqual([])
})

describe('scopes', () => {
  test('that are missing are named', async () => {
    granted = manifest.oauth_config.scopes.bot.filter((scope) => scope !== 'files:write')
    expect(await bad()).toEqual([
      { ok: false, says: 'Slack: the app lacks the scopes files:write', hint: expect.stringContaining('reinstall') },
    ])
  })
  test('that Slack does not tell are not taken as granted', async () => {
    granted = null
    expect(await bad()).toMatchObject([{ says: 'Slack did not say which scopes the app has' }])
  })
})

describe('the entrance', () => {
  test('a token that is none for Socket Mode', async () => {
    expect(await bad({ entrance: { appToken: 'xoxb-wrong' } })).toEqual([
      {
        ok: false,
        says: 'Slack, opening Socket Mode: the token is not valid',
        hint: expect.stringContaining('connections:write (xapp-…)'),
      },
    ])
  })
  test('a token without its scope', async () => {
    answers('apps.connections.open', 'missing_scope', { needed: 'connections:write' })
    expect(await bad()).toMatchObject([
      { says: expect.stringContaining('connections:write'), hint: expect.stringContaining('App-Level Tokens') },
    ])
  })
  test('a signing secret is only said to be there', async () => {
    const checks = await check({ entrance: { signingSecret: SIGNING_SECRET, host: '127.0.0.1', port: 3000 } })
    expect(checks.map(({ says }) => says).join('\n')).toMatch(/a signing secret is set, and 127\.0\.0\.1:3000/)
    expect(JSON.stringify(checks)).not.toContain(SIGNING_SECRET)
  })
})

describe('the incident channel', () => {
  test.each<[string, () => void, string, string]>([
    ['without the bot', () => channelIs({ is_member: false }), 'the bot is not in that channel', '/invite @lanekeeper'],
    ['in the archive', () => channelIs({ is_archived: true }), 'the channel is archived', 'archive'],
    ['nowhere', () => answers('conversations.info', 'channel_not_found'), 'no such channel', '/invite @lanekeeper'],
  ])('%s', async (_, given, says, hint) => {
    given()
    expect(await bad({ incidents: 'incidents' })).toEqual([
      { ok: false, says: expect.stringContaining(says), hint: expect.stringContaining(hint) },
    ])
  })
  test('by a name that is not there', async () => {
    expect(await bad({ incidents: 'nowhere' })).toMatchObject([
      { says: 'Slack: there is no channel #nowhere, or the bot cannot see it' },
    ])
  })
  test('by its id, in a workspace in which nobody has invited the bot', async () => {
    expect(await bad({ incidents: workspace.incidents })).toMatchObject([{ hint: 'type /invite @lanekeeper there' }])
  })
})

describe('people and groups of the policy', () => {
  test('somebody who is nobody, and a group that is not there', async () => {
    expect(await bad({ ids: ['slack:U0NOBODY', 'slack:group:S0GONE'] })).toEqual([
      {
        ok: false,
        says: 'Slack, looking up slack:U0NOBODY of the policy: there is nobody with that id',
        hint: expect.stringContaining('Copy member ID'),
      },
      {
        ok: false,
        says: 'Slack, looking up the user group S0GONE: there is no such user group, or it is switched off',
        hint: expect.stringContaining('in the policy'),
      },
    ])
  })
  test('an account that is switched off', async () => {
    fault = ({ method }) =>
      method === 'users.info' ? { status: 200, body: { ok: true, user: { id: 'U1', deleted: true } } } : undefined
    expect(await bad({ ids: ['slack:U1'] })).toMatchObject([{ says: expect.stringContaining('switched off') }])
  })
  test('a group with nobody in it', async () => {
    workspace.front.state.groups = { S0EMPTY: [] }
    expect(await bad({ ids: ['slack:group:S0EMPTY'] })).toMatchObject([{ says: expect.stringContaining('is empty') }])
  })
  test('a workspace without user groups', async () => {
    answers('usergroups.users.list', 'plan_upgrade_required')
    expect(await bad({ ids: ['slack:group:S0'] })).toMatchObject([{ hint: expect.stringContaining('name people') }])
  })
})

describe('a login that fails', () => {
  test.each([
    ['invalid_auth', 'the token is not valid', 'xoxb-'],
    ['account_inactive', 'the token is not valid', 'xoxb-'],
    ['missing_scope', 'the app lacks the scope', 'manifest.json'],
  ])('%s: what hangs on it is not asked, the entrance is', async (error, says, hint) => {
    answers('auth.test', error)
    const checks = await check({ incidents: 'incidents', ids: ['slack:U0NOBODY'] })
    expect(checks).toEqual([
      { ok: false, says: expect.stringContaining(says), hint: expect.stringContaining(hint) },
      { ok: true, says: expect.stringContaining('Socket Mode') },
    ])
  })
  test('Slack out of reach is told in words', async () => {
    const checks = await check({ apiUrl: 'http://127.0.0.1:9/api/' })
    expect(checks).toHaveLength(2)
    for (const { ok, says, hint } of checks) {
      expect({ ok, hint }).toEqual({ ok: false, hint: expect.stringContaining('reaches slack.com') })
      expect(says).toMatch(/^Slack, .*cannot be reached/)
      expect(says).not.toMatch(/\n +at /)
    }
  })
})

test('no token stands in what is said', async () => {
  for (const answer of ['invalid_auth', 'missing_scope', 'fatal_error']) {
    fault = () => ({ status: 200, body: { ok: false, error: answer } })
    expect(JSON.stringify(await check({ entrance: { appToken: 'xapp-canary' } }))).not.toMatch(/canary|xoxb-lane/)
  }
})
