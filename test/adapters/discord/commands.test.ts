import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lineOf, slashCommand, wordsOf } from '../../../adapters/discord/declaration.ts'
import { commands } from '../../../commands/index.ts'
import type { ChatAdapter, Incoming } from '../../../src/chat/adapter.ts'
import { adapterOn, type People, peopleOn, startDiscord } from './rig.ts'
import { problems } from './spec.ts'
import type { Discord } from './stub.ts'
import { OPS, PEOPLE } from './world.ts'

describe('a declaration becomes a subcommand', () => {
  test('with an option per word of its usage', () => {
    expect(
      wordsOf({
        name: 'diagnose',
        summary: '',
        usage: '<node> [vm:<id>|device:<address>]',
        completes: ['node', 'target'],
      }),
    ).toEqual([
      { name: 'node', says: 'node', needed: true, completes: 'node' },
      { name: 'target', says: 'vm:<id>|device:<address>', needed: false, completes: 'target' },
    ])
    expect(wordsOf({ name: 'history', summary: '', usage: '[how many]', completes: [] })).toEqual([
      { name: 'how-many', says: 'how many', needed: false, completes: undefined },
    ])
    expect(wordsOf({ name: 'nodes', summary: '', usage: '', completes: [] })).toEqual([])
  })
  test('and all of them are one command that Discord takes', () => {
    const body = [{ ...slashCommand(commands) }]
    expect(problems('PUT /applications/A/guilds/G/commands', 'request', body)).toEqual([])
    for (const { options = [] } of slashCommand(commands).options as { options?: { required: boolean }[] }[])
      expect(options.map(({ required }) => required)).toEqual(
        options
          .map(({ required }) => required)
          .toSorted()
          .toReversed(),
      )
  })
  test('what was chosen reads like what would have been typed', () => {
    const given: Record<string, string> = { node: 'node3', target: ' vm:101 ' }
    expect(lineOf('diagnose', (name) => given[name] ?? null, commands)).toBe('/pcie diagnose node3 vm:101')
    expect(lineOf('gone', () => null, commands)).toBe('/pcie gone')
  })
})

describe('on Discord', () => {
  let discord: Discord
  let people: People
  let adapter: ChatAdapter
  let heard: Incoming[]
  let now = 0
  beforeEach(async () => {
    discord = await startDiscord()
    people = peopleOn(discord)
    heard = []
    now = 1_000_000
  })
  afterEach(async () => {
    await adapter.stop()
    await discord.close()
    expect(discord.wrong).toEqual([])
  })
  const start = async (more: Parameters<typeof adapterOn>[1] = {}, receive?: (one: Incoming) => Promise<void>) => {
    adapter = adapterOn(discord, { now: () => now, ...more })
    await adapter.start(receive ?? (async (one) => void heard.push(one)))
  }
  const note = (title: string) => ({ title, tone: 'info' as const, blocks: [{ type: 'text' as const, text: 'words' }] })

  test('the command is registered at the first start, and not again while it is the same', async () => {
    await start()
    await adapter.stop()
    await start()
    expect(discord.asked('PUT /applications/A/guilds/G/commands')).toHaveLength(1)
    await adapter.stop()
    await start({ commands: commands.slice(1) })
    expect(discord.asked('PUT /applications/A/guilds/G/commands')).toHaveLength(2)
    expect(discord.world.commands).toHaveLength(1)
  })

  test('is deferred in private before it is carried out, and closed with a pointer to the card', async () => {
    let states: string[] = []
    await start({}, async (one) => {
      heard.push(one)
      states = [...discord.routes.asked.values()].map(({ state }) => state)
      if (one.kind === 'command') await adapter.post(one.channel, note('the card'))
    })
    const asked = people.type('/pcie diagnose node3 vm:101')
    await expect.poll(() => people.whispered('olga').join()).toContain(`/channels/800000000000000001/${OPS}/`)
    expect(states).toEqual(['deferred'])
    expect(asked.ephemeral).toBe(true)
    expect(heard).toEqual([
      {
        kind: 'command',
        text: '/pcie diagnose node3 vm:101',
        channel: OPS,
        by: { id: `discord:${PEOPLE.olga.id}`, name: 'olga', bot: false },
      },
    ])
  })

  test('a private answer goes where only that person sees it, the next one too', async () => {
    await start({}, async ({ by }) => {
      await adapter.whisper(by, OPS, note('only you'))
      await adapter.whisper(by, OPS, note('you again'))
    })
    people.type('/pcie nodes')
    await expect.poll(() => people.whispered('olga')).toHaveLength(2)
    expect(people.inChannel(OPS)).toEqual([])
    expect(discord.asked('POST /users/@me/channels')).toEqual([])
  })

  test('a command that comes too late is carried out all the same, and answered directly', async () => {
    await start({}, async (one) => {
      heard.push(one)
      await adapter.post(OPS, note('the card'))
      await adapter.whisper(one.by, OPS, note('only you'))
    })
    people.type('/pcie nodes', { late: true })
    await expect.poll(() => people.whispered('olga').join()).toContain('only you')
    expect(people.inChannel(OPS)).toHaveLength(1)
    expect(heard).toHaveLength(1)
  })

  test('after 15 minutes the answer comes by direct message, the card still changes', async () => {
    let card = ''
    await start({}, async (one) => {
      heard.push(one)
      card = (await adapter.post(OPS, note('looking'))).message
    })
    people.type('/pcie diagnose node3')
    await expect.poll(() => people.whispered('olga')).toHaveLength(1)
    now += 15 * 60_000
    await adapter.edit({ adapter: 'discord', channel: OPS, message: card, thread: null }, note('found'))
    await adapter.whisper({ id: `discord:${PEOPLE.olga.id}`, name: 'olga', bot: false }, OPS, note('late words'))
    expect(people.read(people.messageOf(card))).toContain('found')
    expect(discord.asked('POST /users/@me/channels')).toHaveLength(1)
    expect(people.whispered('olga').join()).toContain('late words')
  })

  test('a token that is used up early is no trouble either, and the bot keeps its own', async () => {
    await start({}, async ({ by }) => {
      for (const one of discord.routes.asked.values()) one.late = true
      await adapter.whisper(by, OPS, note('only you'))
    })
    people.type('/pcie nodes')
    await expect.poll(() => people.whispered('olga').join()).toContain('only you')
    await adapter.post(OPS, note('still here'))
  })

  test('who takes no direct messages is told in the channel, and only that person is called', async () => {
    await start()
    discord.fault(({ path }) => [...discord.world.direct.keys()].some((one) => path.includes(one)), {
      status: 403,
      body: { code: 50007, message: 'Cannot send messages to this user' },
    })
    await adapter.whisper({ id: `discord:${PEOPLE.ada.id}`, name: 'ada', bot: false }, OPS, note('@everyone'))
    const [message] = people.inChannel(OPS)
    expect(message?.content).toContain(`<@${PEOPLE.ada.id}>`)
    expect(message?.body.allowed_mentions).toEqual({ parse: [], users: [PEOPLE.ada.id] })
  })

  test.each<[string, Record<string, string>, string, string[]]>([
    ['diagnose', { node: 'NO' }, 'node', ['node1', 'node3']],
    ['diagnose', { node: 'node3', target: 'vm' }, 'target', ['vm:101', 'vm:200']],
    ['diagnose', { node: 'node1', target: '' }, 'target', []],
    ['explain', { finding: 'firmware' }, 'finding', ['iommu-off-in-firmware']],
    ['explain', { finding: 'iomu-off' }, 'finding', ['iommu-off']],
    ['approve', { change: '' }, 'change', ['c9', 'c1']],
    ['help', { command: 'appr' }, 'command', ['approve']],
    ['history', { 'how-many': '1' }, 'how-many', []],
  ])('completes %s %o', async (name, options, focused, expected) => {
    await start({
      targets: (node) => (node === 'node3' ? ['vm:101', 'device:0000:01:00.0'] : []),
      changes: async () => ['c9'],
    })
    await adapter.post(OPS, {
      ...note('node3: broken, vm 200 has it'),
      blocks: [{ type: 'text', text: 'vm:200' }],
      change: { id: 'c1', state: 'proposed', digest: 'd' },
    })
    const asked = people.complete(name, options, focused)
    await expect.poll(() => asked.choices).toEqual(expected)
  })

  test('completions that cannot be found are none', async () => {
    await start({
      changes: async () => {
        throw new Error('no store')
      },
    })
    const asked = people.complete('approve', { change: '' }, 'change')
    await expect.poll(() => asked.choices).toEqual([])
  })
})
