import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSlackAdapter, type SlackOptions } from '../../../adapters/slack/index.ts'
import type { Card } from '../../../src/cards/card.ts'
import type { Incoming } from '../../../src/chat/adapter.ts'
import { BOT_TOKEN, SIGNING_SECRET } from './emulator.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

const card: Card = { title: 'a note', tone: 'info', blocks: [{ type: 'text', text: 'some words' }] }

let workspace: Workspace
let heard: Incoming[] = []
let logged: unknown[] = []
let stop: (() => Promise<void>) | undefined
beforeAll(async () => {
  workspace = await openWorkspace('http')
})
beforeEach(() => {
  heard = []
  logged = []
  workspace.front.calls.length = 0
  workspace.front.state.fault = undefined
})
afterEach(async () => {
  await stop?.()
  stop = undefined
})
afterAll(async () => {
  await workspace.close()
  expect(workspace.front.problems).toEqual([])
})

const note = (about: object, words: string) => void logged.push({ ...about, words })
const made = (options: Partial<SlackOptions> = {}) =>
  createSlackAdapter(workspace.options({ log: { info: note, warn: note, error: note }, ...options }))
const start = async (options: Partial<SlackOptions> = {}) => {
  const adapter = made(options)
  stop = () => adapter.stop()
  await adapter.start(async (incoming) => void heard.push(incoming))
  return adapter
}
const posts = () => workspace.calls('chat.postMessage').length
const answers = (method: string, error: string, more: object = {}) => {
  workspace.front.state.fault = (called) =>
    called.method === method ? { status: 200, body: { ok: false, error, ...more } } : undefined
}

describe('when Slack is in trouble', () => {
  test('429 is waited for as long as it asks', async () => {
    const adapter = await start()
    let first = true
    workspace.front.state.fault = ({ method }) => {
      const limited = first && method === 'chat.postMessage'
      first = first && !limited
      return limited ? { status: 429, headers: { 'retry-after': '1' } } : undefined
    }
    const from = performance.now()
    const { message } = await adapter.post(workspace.ops, card)
    expect(performance.now() - from).toBeGreaterThan(950)
    expect((await workspace.message(message))?.words).toContain('some words')
    expect(posts()).toBe(2)
  })
  test('429 that asks for an hour is an error that says so, and the bot does other things meanwhile', async () => {
    const adapter = await start()
    workspace.front.state.fault = ({ method }) =>
      method === 'chat.postMessage' ? { status: 429, headers: { 'retry-after': '3600' } } : undefined
    await expect(adapter.post(workspace.ops, card)).rejects.toMatchObject({
      code: 'time-limit',
      message: expect.stringContaining('3600 s'),
    })
    expect(posts()).toBe(1)
  })
  test('5xx is tried again a few times, then is an error', async () => {
    const adapter = await start()
    let bad = 2
    workspace.front.state.fault = ({ method }) =>
      method === 'chat.postMessage' && bad-- > 0 ? { status: 503 } : undefined
    await adapter.post(workspace.ops, card)
    expect(posts()).toBe(3)
    workspace.front.state.fault = () => ({ status: 500 })
    await expect(adapter.post(workspace.ops, card)).rejects.toMatchObject({
      code: 'connection-lost',
      message: `Slack, posting in ${workspace.ops}: Slack answered 500`,
    })
    expect(posts()).toBe(6)
  })
  test('an answer that was lost may mean the same message twice; edits are not doubled', async () => {
    const adapter = await start()
    let lose = true
    workspace.front.state.fault = ({ method }) => {
      const lost = lose && method === 'chat.postMessage'
      lose = lose && !lost
      return lost ? { status: 502, after: true } : undefined
    }
    const posted = await adapter.post(workspace.ops, { ...card, title: 'posted twice' })
    const found = (await workspace.messages(workspace.ops)).filter(({ words }) => words.includes('posted twice'))
    expect(found.length).toBe(2)
    expect(found.at(-1)?.ts).toBe(posted.message)
  })
  test('it cannot be reached at all', async () => {
    const adapter = made({ apiUrl: 'http://127.0.0.1:9/api/' })
    await expect(adapter.start(async () => undefined)).rejects.toMatchObject({
      code: 'connection-lost',
      hint: expect.stringContaining('slack-status.com'),
    })
  })
})

test.each([
  ['chat.postMessage', 'invalid_auth', 'login-refused', 'xoxb-'],
  ['chat.postMessage', 'token_revoked', 'login-refused', 'xoxb-'],
  ['chat.postMessage', 'channel_not_found', 'not-found', '/invite @lanekeeper'],
  ['chat.postMessage', 'not_in_channel', 'not-found', '/invite @lanekeeper'],
  ['chat.postMessage', 'is_archived', 'not-found', 'archive'],
  ['chat.postMessage', 'msg_blocks_too_long', 'size-limit', 'report it'],
  ['chat.postMessage', 'fatal_error', 'connection-lost', 'slack-status.com'],
  ['chat.postMessage', 'something_new', 'act-failed', 'api.slack.com'],
  ['chat.update', 'message_not_found', 'not-found', '/pcie status'],
] as const)('%s answered with %s is told as %s, with what to do', async (method, error, code, hint) => {
  const adapter = await start()
  const posted = await adapter.post(workspace.ops, card)
  answers(method, error)
  const act = method === 'chat.update' ? adapter.edit(posted, card) : adapter.post(workspace.ops, card)
  await expect(act).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) })
})

test('a scope that is missing is named, with where to add it', async () => {
  answers('auth.test', 'missing_scope', { needed: 'chat:write', provided: 'commands' })
  await expect(made().start(async () => undefined)).rejects.toMatchObject({
    code: 'config-invalid',
    message: 'Slack, logging in: the app lacks the scope chat:write',
    hint: expect.stringContaining('reinstall'),
  })
})
test('scopes that the installed app lacks are named at the start', async () => {
  workspace.front.state.fault = ({ method }) =>
    method === 'auth.test'
      ? {
          status: 200,
          headers: { 'x-oauth-scopes': 'commands,chat:write' },
          body: { ok: true, user_id: 'U0LANEKEEPER' },
        }
      : undefined
  await start()
  expect(logged).toMatchObject([
    {
      lacks: [
        ...['reactions:read', 'reactions:write', 'files:write', 'users:read', 'usergroups:read'],
        ...['channels:read', 'groups:read'],
      ],
    },
  ])
})
test('a bot token that is wrong, and a port that is taken, are told at the start; the next start works', async () => {
  answers('auth.test', 'invalid_auth')
  const adapter = made()
  await expect(adapter.start(async () => undefined)).rejects.toMatchObject({ code: 'login-refused' })
  workspace.front.state.fault = undefined
  await start()
  await expect(adapter.start(async () => undefined)).rejects.toMatchObject({
    message: expect.stringContaining('cannot listen'),
  })
})
test('an app token that is wrong is told at the start', async () => {
  const adapter = made({ entrance: { appToken: 'wrong' } })
  await expect(adapter.start(async () => undefined)).rejects.toMatchObject({
    code: 'login-refused',
    hint: expect.stringContaining('xapp-'),
  })
  await adapter.stop()
})

describe('a card that is not there any more', () => {
  test('is told as that when it is edited', async () => {
    const adapter = await start()
    const posted = await adapter.post(workspace.ops, card)
    await workspace.api('chat.delete', BOT_TOKEN, { channel: workspace.ops, ts: posted.message })
    await expect(adapter.edit(posted, card)).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('/pcie status'),
    })
  })
  test.each(['thread_not_found', 'message_not_found', 'cannot_reply_to_message'])(
    'and whose thread is gone with it (%s): what follows stands in the channel',
    async (error) => {
      const adapter = await start()
      const root = await adapter.post(workspace.ops, card)
      workspace.front.state.fault = ({ method, body }) =>
        method === 'chat.postMessage' && body.thread_ts ? { status: 200, body: { ok: false, error } } : undefined
      const step = await adapter.post(workspace.ops, { ...card, title: `after ${error}` }, { thread: root })
      expect(step.thread).toBeNull()
      expect((await workspace.messages(workspace.ops)).map(({ ts }) => ts)).toContain(step.message)
    },
  )
})

describe('a file', () => {
  const file = { name: 'topology.svg', type: 'image/svg+xml', content: Buffer.from('<svg/>') }
  test('of a step stands in the thread of the card', async () => {
    const adapter = await start()
    const root = await adapter.post(workspace.ops, card)
    const step = await adapter.post(workspace.ops, card, { thread: root })
    await adapter.attach(step, file)
    expect((await workspace.files(root.message)).map(({ content }) => String(content))).toEqual(['<svg/>'])
  })
  test('that the app may not upload names the scope', async () => {
    const adapter = await start()
    const posted = await adapter.post(workspace.ops, card)
    answers('files.getUploadURLExternal', 'missing_scope', { needed: 'files:write' })
    await expect(adapter.attach(posted, file)).rejects.toMatchObject({
      code: 'config-invalid',
      message: `Slack, attaching a file in ${workspace.ops}: the app lacks the scope files:write`,
    })
  })
})

describe('user groups', () => {
  const ann = () => ({ id: `slack:${workspace.people.ann}`, name: 'ann', bot: false })
  const among = ['slack:group:S0OWNERS', 'slack:group:S0OTHERS']
  test('are asked anew every time', async () => {
    const adapter = await start()
    workspace.front.state.groups = { S0OWNERS: [workspace.people.ann], S0OTHERS: [] }
    expect(await adapter.groupsOf(ann(), among)).toEqual(['slack:group:S0OWNERS'])
    workspace.front.state.groups = { S0OWNERS: [], S0OTHERS: [workspace.people.ann] }
    expect(await adapter.groupsOf(ann(), among)).toEqual(['slack:group:S0OTHERS'])
    expect(workspace.calls('usergroups.users.list')).toHaveLength(4)
    expect(await adapter.groupsOf(ann(), [])).toEqual([])
    expect(workspace.calls('usergroups.users.list')).toHaveLength(4)
  })
  test('one that is gone is an error, though the person is in another', async () => {
    const adapter = await start()
    workspace.front.state.groups = { S0OWNERS: [workspace.people.ann] }
    await expect(adapter.groupsOf(ann(), among)).rejects.toMatchObject({
      code: 'not-found',
      message: 'Slack, looking up the user group S0OTHERS: there is no such user group, or it is switched off',
      hint: expect.stringContaining('in the policy'),
    })
  })
  test.each([
    ['missing_scope', 'config-invalid', 'reinstall the app'],
    ['plan_upgrade_required', 'act-failed', 'name people in the policy instead'],
    ['token_revoked', 'login-refused', 'xoxb-'],
    ['fatal_error', 'connection-lost', 'slack-status.com'],
  ])('that cannot be looked up (%s) are an error, not an empty list', async (error, code, hint) => {
    const adapter = await start()
    answers('usergroups.users.list', error, { needed: 'usergroups:read' })
    await expect(adapter.groupsOf(ann(), among)).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) })
  })
})

describe('where the bot may not react', () => {
  const asking: Card = { ...card, change: { id: 'c1', state: 'proposed', digest: 'd' }, asks: 'approval' }
  const notes = async () =>
    (await workspace.messages(workspace.ops)).filter(({ words }) => words.includes('I cannot put the reactions'))
  test('people are told once which setting to change and how else to approve, and may react themselves', async () => {
    const adapter = await start()
    answers('reactions.add', 'missing_scope', { needed: 'reactions:write' })
    const { message } = await adapter.post(workspace.ops, asking)
    await adapter.post(workspace.ops, asking)
    await expect.poll(notes).toHaveLength(1)
    const [note] = await notes()
    expect(note?.words).toMatch(/update the app from adapters\/slack\/manifest\.json.*\/pcie approve c1/s)
    expect(note?.words).toContain('add ✅ or ❌ yourself')
    await workspace.react('ann', message, 'white_check_mark')
    await expect.poll(() => heard).toMatchObject([{ kind: 'reaction', yes: true, given: true }])
    await expect.poll(() => logged.length).toBe(2)
    expect(logged[0]).toMatchObject({ hint: expect.stringContaining('reinstall') })
  })
  test.each(['fatal_error', 'message_not_found'])('what passes, or is over (%s), is only logged', async (error) => {
    const before = (await notes()).length
    const adapter = await start()
    answers('reactions.add', error)
    await adapter.post(workspace.ops, asking)
    await expect.poll(() => logged).toHaveLength(1)
    expect(await notes()).toHaveLength(before)
  })
})

test('an emoji that Slack has no name for is refused before anything is opened', () => {
  expect(() => made({ reactions: { yes: '🐢', no: '❌' } })).toThrow('🐢 cannot be used here as a reaction')
  expect(() => made({ reactions: { yes: '❌', no: '✅' } })).toThrow('❌ cannot be used here as a reaction')
})

describe('channels', () => {
  test('a name of the configuration is resolved once, and stays as it was written', async () => {
    const adapter = await start()
    const posted = await adapter.post('#incidents', card)
    await Promise.all([adapter.post('#incidents', card), adapter.edit(posted, card)])
    await adapter.post('#incidents', card, { thread: posted })
    expect(posted.channel).toBe('#incidents')
    expect(workspace.calls('conversations.list').length).toBe(1)
    expect((await workspace.messages(workspace.incidents)).length).toBe(2)
    await workspace.react('ann', posted.message, 'x', workspace.incidents)
    await expect
      .poll(() => heard)
      .toMatchObject([{ on: { channel: workspace.incidents } }, { on: { channel: '#incidents' } }])
  })
  test('a name that is nobody is told, and looked for again the next time', async () => {
    const adapter = await start()
    for (const _ of [1, 2])
      await expect(adapter.post('nowhere', card)).rejects.toMatchObject({
        code: 'not-found',
        hint: expect.stringContaining('/invite'),
      })
    expect(workspace.calls('conversations.list').length).toBe(2)
  })
})

describe('whispers', () => {
  const ann = () => ({ id: `slack:${workspace.people.ann}`, name: 'ann', bot: false })
  test('go to a direct message where the person or the bot is not in the channel', async () => {
    const adapter = await start()
    answers('chat.postEphemeral', 'user_not_in_channel')
    await adapter.whisper(ann(), workspace.ops, card)
    expect(workspace.calls('chat.postMessage').at(-1)?.body).toMatchObject({ channel: workspace.people.ann })
    expect(logged).toEqual([])
  })
  test('end in the log where neither is possible, and hold nobody up', async () => {
    const adapter = await start()
    workspace.front.state.fault = ({ method }) =>
      method.startsWith('chat.') ? { status: 200, body: { ok: false, error: 'channel_not_found' } } : undefined
    await adapter.whisper(ann(), workspace.ops, card)
    expect(logged).toMatchObject([{ to: ann().id, title: 'a note' }])
  })
  test('of any length arrive whole', async () => {
    const adapter = await start()
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}.`)
    await adapter.whisper(ann(), workspace.ops, { ...card, blocks: [{ type: 'list', items: lines }] })
    const told = workspace.whispers('ann').join('\n')
    for (const line of lines) expect(told).toContain(line)
  })
})

describe('HTTP mode', () => {
  const knock = (at: number, secret = SIGNING_SECRET) => {
    const body = String(
      new URLSearchParams({ command: '/pcie', text: 'nodes', user_id: 'U1', user_name: 'x', channel_id: 'C1' }),
    )
    const sign = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')
    return fetch(workspace.boltUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': `v0=${sign}`,
      },
      body,
    }).then(({ status }) => status)
  }
  test('takes what Slack signed just now, and nothing else', async () => {
    await start()
    const now = Math.floor(Date.now() / 1000)
    expect(await knock(now, 'another secret')).toBe(401)
    expect(await knock(now - 600)).toBe(401)
    expect(heard).toEqual([])
    expect(await knock(now)).toBe(200)
    await expect.poll(() => heard.length).toBe(1)
  })
})

test('a reaction that Slack delivers three times counts once', async () => {
  const adapter = await start()
  const asks = { change: { id: 'c1', state: 'proposed', digest: 'd' }, asks: 'approval' } as const
  const { message } = await adapter.post(workspace.ops, { ...card, ...asks })
  await workspace.react('ann', message, 'white_check_mark')
  await expect.poll(() => heard.length).toBe(1)
  for (const retry of [1, 2]) {
    const event = { ...workspace.events.at(-1), event_id: `EvNew${retry}` }
    expect((await workspace.deliver('events_api', event, { retry })).status).toBe(200)
  }
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(heard.length).toBe(1)
})
test('no token stands in the log', async () => {
  const adapter = await start()
  workspace.front.state.fault = () => ({ status: 500, body: { token: BOT_TOKEN } })
  await adapter.post(workspace.ops, card).catch(note.bind(null, {}))
  await adapter.whisper({ id: 'slack:U1', name: 'x', bot: false }, workspace.ops, card)
  expect(logged.length).toBeGreaterThan(0)
  expect(JSON.stringify(logged)).not.toContain(BOT_TOKEN)
})
test('what people type arrives as they typed it', async () => {
  await start()
  await workspace.type('/pcie diagnose &lt;node&gt; &amp;amp;')
  await expect.poll(() => heard).toMatchObject([{ kind: 'command', text: '/pcie diagnose <node> &amp;' }])
})
