import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { REACTIONS } from '../../src/cards/reactions.ts'
import type { Config } from '../../src/config.ts'
import { serve } from '../../src/main.ts'
import { policy } from '../changes/a-change.ts'
import { dataFolder } from '../journeys/room.ts'
import { peopleOn, startDiscord } from './discord/rig.ts'
import { GUILD, INCIDENTS, OPS, TOKEN } from './discord/world.ts'
import { BOT_TOKEN } from './slack/emulator.ts'
import { openWorkspace } from './slack/workspace.ts'
import { createCatcher } from './streams.ts'

/** Where the two platforms are, and what the program logs: the only things that differ from the program as it is run. */
const at = vi.hoisted(() => ({ slack: '', discord: '', log: [] as Record<string, unknown>[] }))
vi.mock('../../adapters/slack/index.ts', async (original) => {
  const real = await original<typeof import('../../adapters/slack/index.ts')>()
  const retries = { retries: 0, minTimeout: 10 }
  return {
    ...real,
    createSlackAdapter: (options: Parameters<typeof real.createSlackAdapter>[0]) =>
      real.createSlackAdapter({ ...options, apiUrl: at.slack, retries }),
  }
})
vi.mock('../../adapters/discord/index.ts', async (original) => {
  const real = await original<typeof import('../../adapters/discord/index.ts')>()
  return {
    ...real,
    createDiscordAdapter: (options: Parameters<typeof real.createDiscordAdapter>[0]) =>
      real.createDiscordAdapter({ ...options, api: at.discord }),
  }
})
vi.mock('../../src/log.ts', async (original) => {
  const real = await original<typeof import('../../src/log.ts')>()
  return { ...real, createLog: () => real.createLog('info', { write: (line) => void at.log.push(JSON.parse(line)) }) }
})

let workspace: Awaited<ReturnType<typeof openWorkspace>>
let discord: Awaited<ReturnType<typeof startDiscord>>
let data: ReturnType<typeof dataFolder>
let stop: () => Promise<void>
beforeEach(async () => {
  data = dataFolder()
  workspace = await openWorkspace('socket')
  discord = await startDiscord()
  at.slack = `${workspace.front.url}/api/`
  at.discord = discord.api
  at.log.length = 0
  // The emulator takes any token; Slack does not.
  workspace.front.state.fault = ({ token }) =>
    token === BOT_TOKEN || token.startsWith('xapp-')
      ? undefined
      : { status: 200, body: { ok: false, error: 'invalid_auth' } }
})
afterEach(async () => {
  await stop()
  await workspace.close()
  await discord.close()
  data.remove()
  expect(workspace.front.problems).toEqual([])
  expect(discord.wrong).toEqual([])
})

/** The program with its simulated nodes and both platforms, with these tokens. */
const run = (slackToken: string, discordToken: string): void => {
  const config: Config = {
    demo: true,
    file: null,
    nodes: {},
    changing: {},
    fleet: {},
    watching: { quiet: [], perHour: 6 },
    http: null,
    databaseUrl: null,
    web: null,
    console: { people: ['operator'], channel: 'ops', incidents: 'incidents' },
    reactions: REACTIONS,
    slack: { botToken: slackToken, entrance: { appToken: 'xapp-1' }, incidents: 'incidents' },
    discord: { token: discordToken, guild: GUILD, incidents: INCIDENTS },
    policy: policy(),
    data: data.path,
    logLevel: 'info',
    colour: false,
  }
  const stopping = new AbortController()
  const ended = serve(
    config,
    { input: new PassThrough(), output: createCatcher().output, events: true },
    stopping.signal,
  )
  stop = async () => {
    stopping.abort()
    await ended
  }
}
const soon = { timeout: 20_000 }
const failed = () => at.log.filter(({ msg }) => msg === 'a chat could not be started; it is tried again')
const onSlack = async () => (await workspace.messages(workspace.ops)).map(({ words }) => words).join('\n')
const onDiscord = () => peopleOn(discord).inChannel(OPS).map(peopleOn(discord).read).join('\n')
const slackWorks = async () => {
  await expect.poll(() => workspace.front.socket.live(), soon).toBe(1)
  expect((await workspace.type('/pcie diagnose node1')).status).toBe(200)
  await expect.poll(onSlack, soon).toContain('waiting for approval')
}
const discordWorks = async () => {
  await expect.poll(() => discord.world.commands.length, soon).toBe(1)
  await expect.poll(() => discord.gateway.log, soon).toContain('IDENTIFY')
  await new Promise((resolve) => setTimeout(resolve, 200))
  peopleOn(discord).type('/pcie diagnose node1')
  await expect.poll(onDiscord, soon).toContain('waiting for approval')
}

test('Slack and Discord at once: each hears its own people', async () => {
  run(BOT_TOKEN, TOKEN)
  await slackWorks()
  await discordWorks()
  expect(failed()).toEqual([])
  expect(await onSlack()).not.toBe('')
})

test('a bad Slack token is reported with what to do, and Discord works', async () => {
  run('xoxb-wrong', TOKEN)
  await discordWorks()
  await expect
    .poll(failed, soon)
    .toMatchObject([
      { chat: 'slack', because: expect.stringContaining('Slack'), hint: expect.stringContaining('xoxb-') },
    ])
  expect(JSON.stringify(at.log)).not.toContain('xoxb-wrong')
  expect(await onSlack()).toBe('')
})

test('a bad Discord token is reported with what to do, and Slack works', async () => {
  run(BOT_TOKEN, 'a.bad.token')
  await slackWorks()
  await expect
    .poll(failed, soon)
    .toMatchObject([
      { chat: 'discord', because: expect.stringContaining('Discord'), hint: expect.stringMatching(/token/i) },
    ])
  expect(JSON.stringify(at.log)).not.toContain('a.bad.token')
  expect(onDiscord()).toBe('')
})
