import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSlackAdapter, type SlackOptions } from '../../../adapters/slack/index.ts'
import { rememberedOffers } from '../../../adapters/slack/offers.ts'
import type { Card } from '../../../src/cards/card.ts'
import type { Incoming } from '../../../src/chat/adapter.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

const asking = (lines = 1): Card => ({
  title: 'a plan',
  tone: 'warn',
  blocks: [{ type: 'diff', lines: Array.from({ length: lines }, (_, index) => `+line number ${index}`) }],
  change: { id: 'c1', state: 'proposed', digest: 'abcdef123456' },
  asks: 'approval',
})
const { asks: _, ...decided } = asking()

let workspace: Workspace
let heard: Incoming[] = []
let offers = rememberedOffers()
let stop: (() => Promise<void>) | undefined
beforeAll(async () => {
  workspace = await openWorkspace('socket')
})
beforeEach(() => {
  heard = []
  offers = rememberedOffers()
  workspace.front.calls.length = 0
  workspace.front.state.fault = undefined
  workspace.front.state.hold = undefined
})
afterEach(async () => {
  await stop?.()
  stop = undefined
})
afterAll(async () => {
  await workspace.close()
  expect(workspace.front.problems).toEqual([])
})

const start = async (options: Partial<SlackOptions> = {}) => {
  const adapter = createSlackAdapter(workspace.options(options))
  stop = () => adapter.stop()
  await adapter.start(async (incoming) => void heard.push(incoming))
  return adapter
}
const votes = () =>
  heard.map((one) =>
    one.kind === 'reaction' ? `${one.by.name} ${one.given ? '+' : '-'}${one.yes ? 'yes' : 'no'}` : one.text,
  )
const settled = () => new Promise((resolve) => setTimeout(resolve, 150))
const seeded = (message: string) =>
  expect
    .poll(async () => (await workspace.message(message))?.reactions.map(({ name, users }) => `${name} ${users}`))
    .toEqual(['white_check_mark U0LANEKEEPER', 'x U0LANEKEEPER'])

describe('a card that asks', () => {
  test('is seeded with both reactions by the bot, which never count', async () => {
    const adapter = await start()
    const { message } = await adapter.post(workspace.ops, asking())
    await seeded(message)
    await settled()
    expect(votes()).toEqual([])
  })
  test('and then asks no more stays as it is, and its reactions still reach the core', async () => {
    const adapter = await start()
    const posted = await adapter.post(workspace.ops, asking())
    await seeded(posted.message)
    await adapter.edit(posted, decided)
    await workspace.react('ann', posted.message, 'x')
    await expect.poll(votes).toEqual(['ann +no'])
    expect(workspace.calls('reactions.remove')).toEqual([])
  })
  test('hears people by ids that do not change, and looks a name up once', async () => {
    const adapter = await start()
    const { message } = await adapter.post(workspace.ops, asking())
    await workspace.react('ann', message, 'white_check_mark')
    await workspace.takeBack('ann', message, 'white_check_mark')
    await expect.poll(votes).toEqual(['ann +yes', 'ann -yes'])
    expect(heard[0]).toMatchObject({ by: { id: `slack:${workspace.people.ann}`, name: 'ann', bot: false } })
    expect(workspace.calls('users.info').length).toBe(1)
  })
  test('counts only the emoji of the configuration, in every skin tone, and one vote for several', async () => {
    const adapter = await start({ reactions: { yes: '👍', no: '👎' } })
    const { message } = await adapter.post(workspace.ops, asking())
    await workspace.react('ann', message, 'white_check_mark')
    await workspace.react('ann', message, '+1::skin-tone-3')
    await workspace.react('ann', message, 'thumbsup')
    await workspace.takeBack('ann', message, '+1::skin-tone-3')
    await expect.poll(votes).toEqual(['ann +yes'])
    await workspace.takeBack('ann', message, 'thumbsup')
    await expect.poll(votes).toEqual(['ann +yes', 'ann -yes'])
  })
})

describe('a reaction from before the plan was there', () => {
  const { change: _none, ...looking } = decided
  test('approves nothing, until it is given again', async () => {
    const adapter = await start()
    const posted = await adapter.post(workspace.ops, looking)
    await workspace.react('ann', posted.message, 'white_check_mark')
    await expect.poll(() => heard).toHaveLength(1)
    heard = []
    await adapter.edit(posted, asking())
    await expect.poll(() => workspace.whispers('ann').join()).toContain('before the plan was there')
    await adapter.edit(posted, { ...asking(), title: 'once more' })
    await settled()
    expect(votes()).toEqual([])
    await workspace.takeBack('ann', posted.message, 'white_check_mark')
    await workspace.react('ann', posted.message, 'white_check_mark')
    await expect.poll(votes).toEqual(['ann -yes', 'ann +yes'])
  })
  test('neither where the first edit did not come through', async () => {
    const adapter = await start()
    const posted = await adapter.post(workspace.ops, looking)
    await workspace.react('ann', posted.message, 'white_check_mark')
    await expect.poll(() => heard).toHaveLength(1)
    heard = []
    workspace.front.state.fault = ({ method }) => (method === 'chat.update' ? { status: 500 } : undefined)
    await expect(adapter.edit(posted, asking())).rejects.toThrow()
    workspace.front.state.fault = undefined
    await adapter.edit(posted, asking())
    await settled()
    expect(votes()).toEqual([])
  })
  test.each([
    ['chat.update', 1],
    ['files.getUploadURLExternal', 3000],
  ])('neither between an edit whose %s failed and the one that came through; a no counts', async (broken, lines) => {
    let adapter = await start({ offers })
    const posted = await adapter.post(workspace.ops, looking)
    workspace.front.state.fault = ({ method }) => (method === broken ? { status: 500 } : undefined)
    await expect(adapter.edit(posted, asking(lines))).rejects.toThrow()
    await workspace.react('ann', posted.message, 'white_check_mark')
    await workspace.react('bob', posted.message, 'x')
    await expect.poll(votes).toEqual(['bob +no'])
    await adapter.stop()
    await workspace.react('bob', posted.message, 'white_check_mark')
    adapter = await start({ offers })
    workspace.front.state.fault = undefined
    const whispers = workspace.whispers('ann').length
    await adapter.edit(posted, asking())
    await expect.poll(() => workspace.whispers('ann').slice(whispers).join()).toContain('before the plan was there')
    await settled()
    expect(workspace.whispers('ann').slice(whispers)).toHaveLength(1)
    expect(votes()).toEqual(['bob +no'])
    await workspace.takeBack('ann', posted.message, 'white_check_mark')
    await workspace.react('ann', posted.message, 'white_check_mark')
    await expect.poll(votes).toEqual(['bob +no', 'ann -yes', 'ann +yes'])
  })
  test('neither while an edit waits for its turn', async () => {
    const adapter = await start()
    const posted = await adapter.post(workspace.ops, looking)
    let limited = false
    workspace.front.state.fault = ({ method }) => {
      if (method !== 'chat.update' || limited) return undefined
      limited = true
      return { status: 429, headers: { 'retry-after': '3' } }
    }
    const whispers = workspace.whispers('ann').length
    const edited = adapter.edit(posted, asking())
    await expect.poll(() => limited).toBe(true)
    await workspace.react('ann', posted.message, 'white_check_mark')
    await edited
    await expect.poll(() => workspace.whispers('ann').slice(whispers).join()).toContain('before the plan was there')
    expect(votes()).toEqual([])
  })
  test('is passed on as one of a plan that was not seen', async () => {
    const adapter = await start()
    const posted = await adapter.post(workspace.ops, looking)
    await workspace.react('ann', posted.message, 'white_check_mark')
    await expect.poll(() => heard).toMatchObject([{ yes: true, given: true, unseen: true }])
  })
})

describe('a card that was approved', () => {
  const approved: Card = { ...decided, change: { id: 'c1', state: 'approved', digest: 'abcdef123456' } }
  test.each([['#ops'], [undefined]])('in %s hears what is taken back, also while the bot is down', async (name) => {
    const channel = name ?? workspace.ops
    const first = await start({ offers })
    const posted = await first.post(channel, asking())
    for (const who of ['ann', 'bob'] as const) await workspace.react(who, posted.message, 'white_check_mark')
    await expect.poll(votes).toEqual(['ann +yes', 'bob +yes'])
    await first.edit(posted, approved)
    await settled()
    await workspace.takeBack('bob', posted.message, 'white_check_mark')
    await expect.poll(votes).toEqual(['ann +yes', 'bob +yes', 'bob -yes'])
    await first.stop()
    await workspace.takeBack('ann', posted.message, 'white_check_mark')
    const second = await start({ offers })
    await expect.poll(votes).toEqual(['ann +yes', 'bob +yes', 'bob -yes', 'ann -yes'])
    expect(heard.map((one) => one.kind === 'reaction' && one.on.channel)).toEqual(Array(4).fill(channel))
    await second.edit(posted, decided)
    await expect.poll(() => offers.list()).toEqual([])
  })
  test('is asked for what nobody was told, before it starts; what cannot be read is an error', async () => {
    const adapter = await start({ offers })
    const posted = await adapter.post('#ops', asking())
    await workspace.react('ann', posted.message, 'white_check_mark')
    await expect.poll(votes).toEqual(['ann +yes'])
    await adapter.edit(posted, approved)
    const deliver = workspace.front.state.onEvent
    workspace.front.state.onEvent = async () => undefined
    await workspace.takeBack('ann', posted.message, 'white_check_mark').finally(() => {
      workspace.front.state.onEvent = deliver
    })
    workspace.front.state.fault = ({ method }) => (method === 'reactions.get' ? { status: 500 } : undefined)
    await expect(adapter.hearOut(posted)).rejects.toThrow()
    expect(votes()).toEqual(['ann +yes'])
    workspace.front.state.fault = undefined
    await adapter.hearOut(posted)
    expect(votes()).toEqual(['ann +yes', 'ann -yes'])
    await adapter.hearOut({ ...posted, message: '1700000000.000100' })
  })
  test('and is over is heard under each name of its channel', async () => {
    const adapter = await start()
    const posted = await adapter.post('#ops', decided)
    await workspace.react('ann', posted.message, 'x')
    await expect
      .poll(() => heard.map((one) => one.kind === 'reaction' && one.on.channel))
      .toEqual([workspace.ops, '#ops'])
  })
})

describe('events', () => {
  test('that are delivered twice count once, whether they say so or not', async () => {
    const adapter = await start()
    const { message } = await adapter.post(workspace.ops, asking())
    await workspace.react('ann', message, 'white_check_mark')
    const event = workspace.events.at(-1) ?? {}
    for (const retry of [0, 1, 2]) await workspace.deliver('events_api', event, { retry })
    await settled()
    expect(votes()).toEqual(['ann +yes'])
  })
  test('whose first delivery was lost count when they come again', async () => {
    const adapter = await start()
    const { message } = await adapter.post(workspace.ops, asking())
    await seeded(message)
    await settled()
    const deliver = workspace.front.state.onEvent
    let lost: Record<string, unknown> = {}
    workspace.front.state.onEvent = async (body) => {
      lost = body
    }
    await workspace.react('ann', message, 'white_check_mark').finally(() => {
      workspace.front.state.onEvent = deliver
    })
    await settled()
    expect(votes()).toEqual([])
    await workspace.deliver('events_api', lost, { retry: 1 })
    await expect.poll(votes).toEqual(['ann +yes'])
  })
  test('that come late do not bring back what was taken back', async () => {
    const adapter = await start()
    const { message } = await adapter.post(workspace.ops, asking())
    await workspace.react('ann', message, 'white_check_mark')
    const added = workspace.events.at(-1) ?? {}
    await workspace.takeBack('ann', message, 'white_check_mark')
    await workspace.deliver('events_api', { ...added, event_id: 'EvAnotherNumber' }, { retry: 1 })
    await workspace.deliver('events_api', { ...added, event_id: 'EvOvertaken' })
    await settled()
    expect(votes()).toEqual(['ann +yes', 'ann -yes'])
  })
})

describe('reactions given while nobody listened', () => {
  test('are read at the next start, what was taken back first and approvals last', async () => {
    const offers = rememberedOffers()
    const first = await start({ offers })
    const { message } = await first.post(workspace.ops, asking())
    await workspace.react('bob', message, 'white_check_mark')
    await expect.poll(votes).toEqual(['bob +yes'])
    await first.stop()
    await workspace.react('ann', message, 'white_check_mark')
    await workspace.react('olga', message, 'x')
    await workspace.takeBack('bob', message, 'white_check_mark')
    heard = []
    await start({ offers })
    await expect.poll(votes).toEqual(['bob -yes', 'olga +no', 'ann +yes'])
    expect(heard[0]).toMatchObject({ on: { adapter: 'slack', channel: workspace.ops, message } })
  })
  test('are read even when the bot was just stopping as they came', async () => {
    const offers = rememberedOffers()
    const first = await start({ offers })
    const { message } = await first.post(workspace.ops, asking())
    await seeded(message)
    await settled()
    await Promise.all([workspace.react('ann', message, 'white_check_mark'), first.stop()])
    const before = votes()
    await start({ offers })
    await expect.poll(votes).toEqual(['ann +yes'])
    expect(before.length).toBeLessThanOrEqual(1)
  })
  test('are read although Slack is in trouble at first', async () => {
    const offers = rememberedOffers()
    const first = await start({ offers })
    const { message } = await first.post(workspace.ops, asking())
    await settled()
    await first.stop()
    await workspace.react('ann', message, 'white_check_mark')
    let times = 4
    workspace.front.state.fault = ({ method }) =>
      method === 'reactions.get' && times-- > 0 ? { status: 500 } : undefined
    await start({ offers })
    await expect.poll(votes, { timeout: 10_000 }).toEqual(['ann +yes'])
  })
  test('are read after the socket was dropped, and the next one is open at once', async () => {
    const adapter = await start()
    const { message } = await adapter.post(workspace.ops, asking())
    await settled()
    const opened = workspace.front.socket.opened()
    workspace.front.state.fault = ({ method }) => (method === 'apps.connections.open' ? { status: 503 } : undefined)
    workspace.front.socket.drop()
    await expect.poll(() => workspace.front.socket.live()).toBe(0)
    await workspace.react('ann', message, 'white_check_mark')
    workspace.front.state.fault = undefined
    await expect.poll(votes, { timeout: 10_000 }).toEqual(['ann +yes'])
    expect(workspace.front.socket.opened()).toBe(opened + 1)
    expect((await workspace.type('/pcie nodes')).status).toBe(200)
  })
  test('when Slack asks for another socket, it is there', async () => {
    await start()
    const opened = workspace.front.socket.opened()
    const from = performance.now()
    workspace.front.socket.refresh()
    await expect.poll(() => workspace.front.socket.opened(), { interval: 2 }).toBe(opened + 1)
    const gap = performance.now() - from
    console.log(`without a socket for at most ${Math.round(gap)} ms after refresh_requested`)
    await workspace.type('/pcie nodes')
    await expect.poll(votes).toEqual(['/pcie nodes'])
  })
  test('stopped while a socket is being opened again, none stays open', async () => {
    const adapter = await start()
    const { promise: held, resolve: goOn } = Promise.withResolvers<void>()
    workspace.front.state.hold = ({ method }) => (method === 'apps.connections.open' ? held : undefined)
    workspace.front.calls.length = 0
    workspace.front.socket.drop()
    await expect.poll(() => workspace.front.calls.map(({ method }) => method)).toEqual(['apps.connections.open'])
    const stopping = adapter.stop()
    stop = undefined
    await settled()
    const opened = workspace.front.socket.opened()
    goOn()
    workspace.front.state.hold = undefined
    await stopping
    await expect.poll(() => workspace.front.socket.opened()).toBe(opened + 1)
    await expect.poll(() => workspace.front.socket.live()).toBe(0)
    expect(adapter.connected()).toBe(false)
  })
})

describe('a plan that does not fit', () => {
  test('is attached and not offered: an approving reaction is answered, a denial counts', async () => {
    const adapter = await start()
    const { message } = await adapter.post(workspace.ops, asking(3000))
    const { words, reactions } = (await workspace.message(message)) ?? { words: '', reactions: [] }
    expect(words).toContain('abcdef123456')
    expect(words).toContain('/pcie approve c1')
    const [, file] = /are in (\S+\.txt), attached/.exec(words) ?? []
    const attached = (await workspace.messages(workspace.ops, message)).flatMap(({ files = [] }) => files) as {
      name: string
    }[]
    expect(attached.map(({ name }) => name)).toEqual([file])
    expect(reactions).toEqual([])
    await workspace.react('ann', message, 'white_check_mark')
    await expect.poll(() => workspace.whispers('ann').join()).toContain('That reaction does not count')
    expect(words).toContain('✅ approves nothing; ❌ denies')
    await workspace.react('ann', message, 'x')
    await expect.poll(votes).toEqual(['ann +no'])
    await workspace.takeBack('ann', message, 'white_check_mark')
    await workspace.takeBack('ann', message, 'x')
    await expect.poll(votes).toEqual(['ann +no', 'ann -yes', 'ann -no'])
  })
  test('any more: a yes from before counts until it is taken back', async () => {
    const adapter = await start()
    const posted = await adapter.post(workspace.ops, asking())
    await workspace.react('ann', posted.message, 'white_check_mark')
    await expect.poll(votes).toEqual(['ann +yes'])
    await adapter.edit(posted, asking(3000))
    await settled()
    await workspace.takeBack('ann', posted.message, 'white_check_mark')
    await expect.poll(votes).toEqual(['ann +yes', 'ann -yes'])
    await workspace.react('ann', posted.message, 'white_check_mark')
    await expect.poll(() => workspace.whispers('ann').join()).toContain('That reaction does not count')
    expect(votes()).toEqual(['ann +yes', 'ann -yes'])
  })
  test('and cannot be attached says so instead of asking, and is an error', async () => {
    const adapter = await start()
    const posted = await adapter.post(workspace.ops, decided)
    workspace.front.state.fault = ({ method }) =>
      method === 'files.getUploadURLExternal'
        ? { status: 200, body: { ok: false, error: 'missing_scope', needed: 'files:write' } }
        : undefined
    await expect(adapter.edit(posted, asking(3000))).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('files:write'),
    })
    const shown = await workspace.message(posted.message)
    expect(shown?.words).toContain('Not shown whole, so not to be approved yet')
    expect(shown?.words).not.toContain('/pcie approve')
    workspace.front.state.fault = undefined
    await adapter.edit(posted, asking(3000))
    expect((await workspace.message(posted.message))?.words).toContain('/pcie approve c1')
  })
})
