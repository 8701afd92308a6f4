import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ConsoleOptions, createConsoleAdapter } from '../../adapters/console/index.ts'
import { commands } from '../../commands/index.ts'
import { openRoom } from '../chat/room.ts'
import { createCatcher, createTypist, eventsOf } from './streams.ts'

function start(more: Partial<ConsoleOptions> & { pauseMs?: number } = {}) {
  const { output, lines } = createCatcher()
  const { input, type, end } = createTypist()
  const room = openRoom({ input, output, mode: 'events', ...more })
  return { room, type, end, events: () => eventsOf(lines()) }
}

/** A whole script at once, as a pipe would give it; over when the bot is. */
async function played(...script: string[]) {
  const { room, type, end, events } = start()
  await room
  for (const line of script) type(line)
  end()
  await (await room).over
  return events()
}

test('a scripted session goes from the command to a kept change, every event one JSON object', async () => {
  const events = await played('/pcie diagnose node3', '/as approver', '+ m1')
  expect(events[0]).toMatchObject({
    event: 'post',
    message: 'm1',
    channel: 'ops',
    thread: null,
    card: { tone: 'info' },
  })
  const asked = events.find(({ card }) => card.asks)
  expect(asked).toMatchObject({
    event: 'edit',
    message: 'm1',
    channel: 'ops',
    card: {
      tone: 'danger',
      change: 'c1',
      state: 'proposed',
      asks: 'approval',
      digest: expect.stringMatching(/^[0-9a-f]{12}$/),
    },
  })
  expect(Object.keys(asked ?? {})).toEqual(['at', 'event', 'message', 'channel', 'thread', 'card'])
  const states = events.flatMap(({ message, card }) => (message === 'm1' && card.state ? [card.state] : []))
  expect(new Set(states)).toEqual(
    new Set(['proposed', 'approved', 'arming', 'armed', 'rebooting', 'verifying', 'committing', 'closed']),
  )
  const steps = (channel: string) =>
    events.filter((one) => one.event === 'post' && one.channel === channel && one.thread).map(({ card }) => card.text)
  expect(steps('ops').join('\n')).toMatch(/Approved by approver[\s\S]*undo\.sh[\s\S]*Rescue text posted[\s\S]*Kept: /)
  expect(steps('incidents').join('\n')).toMatch(/Proposed by[\s\S]*Approved by approver[\s\S]*undo\.sh[\s\S]*Kept: /)
})

test('keys that have nothing to say are left out', async () => {
  const [post] = await played('/pcie nodes')
  expect(Object.keys(post?.card ?? {})).toEqual(['title', 'tone', 'text'])
})

test('the reaction of somebody who may not approve does nothing and is answered privately', async () => {
  const events = await played('/pcie diagnose node3', '/as visitor', '+ m1', '/as operator', '+ m1')
  const answers = events.filter(({ event }) => event === 'whisper')
  expect(answers.map(({ to }) => to)).toEqual(['console:visitor', 'console:operator'])
  expect(answers[0]?.card.text).toContain('not on the approver list')
  expect(answers[1]?.card.text).toContain('not on the approver list')
  expect(events.some(({ card }) => card.state === 'approved')).toBe(false)
})

test('a denial closes the change, a reaction afterwards is answered', async () => {
  const events = await played('/pcie diagnose node3', '/as approver', '- m1', '+ m1')
  expect(events.some(({ card }) => card.title.includes('denied'))).toBe(true)
  expect(events.find(({ event }) => event === 'whisper')?.card.text).toContain('closed already')
})

test('a second diagnosis of a busy node says who holds it', async () => {
  const events = await played('/pcie diagnose node3', '/pcie diagnose node3')
  expect(events.some(({ card }) => card.text.includes('node3 is held by change c1'))).toBe(true)
})

test('status shows the card of a change again, and that card can be reacted on too', async () => {
  const { room, type, end, events } = start()
  await room
  type('/pcie diagnose node3')
  await expect.poll(() => events().some(({ card }) => card.asks)).toBe(true)
  type('/pcie status c1')
  type('/as approver')
  const again = () => events().find(({ card, message }) => card.asks && message !== 'm1')
  await expect.poll(again).toBeTruthy()
  expect(again()?.card.text).toContain('Proposed change on node3')
  type(`+ ${again()?.message}`)
  end()
  await (await room).over
  expect(events().some(({ message, card }) => message === 'm1' && card.state === 'closed')).toBe(true)
})

test.each([
  ['hello', 'expected /pcie <command>, /as <person>, + m3'],
  ['+ banana', 'expected /pcie <command>'],
  ['/as nobody', 'the people are: operator, approver, visitor'],
  ['/as', 'you are operator'],
  ['+ m99', 'there is no message m99'],
  ['/pcie frobnicate', 'there is no command "frobnicate"'],
])('the line "%s" is answered with what was expected', async (line, answer) => {
  const events = await played(line)
  expect(events).toMatchObject([{ event: 'whisper', to: 'console:operator', message: null }])
  expect(events[0]?.card.text).toContain(answer)
})

test.each(['+ M1', '+m1', '+1', '+ 1', '✅ m1'])('"%s" is ✅ on m1', async (line) => {
  const events = await played('/pcie diagnose node3', '/as approver', line)
  expect(events.some(({ card }) => card.title.includes('kept'))).toBe(true)
})

test('a reaction on a message that asks for nothing is answered', async () => {
  const events = await played('/pcie nodes', '+ m1')
  expect(events.at(-1)?.card.text).toContain('m1 asks for nothing')
})

test('empty lines say nothing', async () => expect(await played('', '   ')).toEqual([]))

test('message numbers go on where the last run stopped', async () => {
  const idsFile = join(mkdtempSync(join(tmpdir(), 'lanekeeper-')), 'state', 'ids')
  const post = async () => {
    const { output } = createCatcher()
    const { input } = createTypist()
    const options = {
      people: ['operator'],
      channel: 'ops',
      commands,
      input,
      output,
      mode: 'events',
      idsFile,
      filesFolder: null,
    } as const
    return (await createConsoleAdapter(options).post('ops', { title: 'one', tone: 'info', blocks: [] })).message
  }
  expect([await post(), await post(), await post()]).toEqual(['m1', 'm2', 'm3'])
})

test('what a node prints cannot drive a terminal, in any mode', async () => {
  const nasty = 'a\u001b[2Jb\u0007c\u009bd\u202ee\r\nf\tg'
  const card = { title: nasty, tone: 'info', blocks: [{ type: 'code', text: nasty }] } as const
  for (const mode of ['events', 'plain', 'terminal'] as const) {
    const { output, text } = createCatcher()
    const { input } = createTypist()
    const adapter = createConsoleAdapter({
      people: ['operator'],
      channel: 'ops',
      commands,
      input,
      output,
      mode,
      idsFile: null,
      filesFolder: null,
      colour: false,
    })
    const before = text().length
    await adapter.post('ops', card)
    const shown = mode === 'events' ? JSON.stringify(JSON.parse(text())) : text().slice(before)
    expect(shown).toContain('a␛[2Jb␇c')
    expect(shown).toContain('d\\u202ee'.replaceAll('\\', mode === 'events' ? '\\\\' : '\\'))
    for (const raw of ['\u0007', '\u009b', '\u202e', '\u001b[2Jb']) expect(shown).not.toContain(raw)
    await adapter.stop()
  }
})

describe('a file', () => {
  const picture = { name: '../topology.svg', type: 'image/svg+xml', content: Buffer.from('<svg/>') }
  const at = { adapter: 'console', channel: 'ops', message: 'm7', thread: null }
  const made = (mode: ConsoleOptions['mode'], filesFolder: string | null) => {
    const { output, text } = createCatcher()
    const { input } = createTypist()
    const options = { people: ['operator'], channel: 'ops', commands, input, output, mode, colour: false }
    return { adapter: createConsoleAdapter({ ...options, idsFile: null, filesFolder }), text }
  }
  const folder = () => join(mkdtempSync(join(tmpdir(), 'lanekeeper-')), 'state', 'files')

  test('is written under the data folder and told as a message of its own in the thread', async () => {
    const files = folder()
    const { adapter, text } = made('events', files)
    await adapter.attach(at, picture)
    await adapter.attach({ ...at, message: 'm9', thread: 'm7' }, picture)
    const events = eventsOf(text().trim().split('\n'))
    const path = join(files, 'm7-topology.svg')
    expect(events.map(({ at: _, ...event }) => event)).toEqual([
      {
        ...{ event: 'file', message: 'm1', channel: 'ops', thread: 'm7', file: { name: 'topology.svg', path } },
        card: { title: 'topology.svg', tone: 'info', text: path },
      },
      {
        ...{ event: 'file', message: 'm2', channel: 'ops', thread: 'm7' },
        file: { name: 'topology.svg', path: join(files, 'm9-topology.svg') },
        card: { title: 'topology.svg', tone: 'info', text: join(files, 'm9-topology.svg') },
      },
    ])
    expect(readFileSync(path, 'utf8')).toBe('<svg/>')
    expect(readdirSync(files)).toEqual(['m7-topology.svg', 'm9-topology.svg'])
    await adapter.stop()
  })
  test('takes the place of an older one of that name on that message', async () => {
    const files = folder()
    const { adapter } = made('events', files)
    await adapter.attach(at, picture)
    await adapter.attach(at, { ...picture, content: Buffer.from('newer') })
    expect(readdirSync(files).map((name) => readFileSync(join(files, name), 'utf8'))).toEqual(['newer'])
    await adapter.stop()
  })
  test.each(['plain', 'terminal'] as const)('is shown by its path, in mode %s', async (mode) => {
    const files = folder()
    const { adapter, text } = made(mode, files)
    await adapter.attach(at, picture)
    expect(text()).toContain(`file ${join(files, 'm7-topology.svg')}`)
    await adapter.stop()
  })
  test('that cannot be kept is an error that says so', async () => {
    await expect(made('events', null).adapter.attach(at, picture)).rejects.toMatchObject({ code: 'config-invalid' })
  })
})

describe('whom a card calls', () => {
  const card = { title: 'stuck', tone: 'danger', blocks: [{ type: 'text', text: 'A person is needed.' }] } as const
  const calls = ['slack:U1', 'console:bob', 'discord:role:12345', 'console:ann', 'console:bob']
  test.each(['events', 'plain', 'terminal'] as const)('is named once, in mode %s, in every channel', async (mode) => {
    for (const channel of ['ops', 'incidents']) {
      const { output, text } = createCatcher()
      const { input } = createTypist()
      const options = { people: ['operator'], channel: 'ops', commands, input, output, mode, colour: false }
      const adapter = createConsoleAdapter({ ...options, idsFile: null, filesFolder: null })
      const posted = await adapter.post(channel, { ...card, calls })
      await adapter.edit(posted, { ...card, title: 'stuck still', calls })
      await adapter.whisper({ id: 'console:ann', name: 'ann', bot: false }, channel, { ...card, calls })
      expect(text().match(/calls: bob, ann/g)).toHaveLength(1)
      expect(text()).not.toMatch(/slack:|discord:|U1\b/)
      await adapter.stop()
    }
  })
})

test('the signs of the configuration are the ones that are typed and shown', async () => {
  const { room, type, end, events } = start({ reactions: { yes: '👍', no: '🛑' } })
  await room
  for (const line of ['✅ m1', '/pcie diagnose node3', '/as approver', '👍m1']) type(line)
  end()
  await (await room).over
  expect(events()[0]?.card.text).toContain('+ m3 (👍), - m3 (🛑)')
  expect(events().some(({ card }) => card?.title.includes('kept'))).toBe(true)
})

test('a program that stops reading ends the room instead of crashing it', async () => {
  const { output } = createCatcher()
  const { input, type } = createTypist()
  const room = await openRoom({ input, output, mode: 'events' })
  output.destroy()
  type('hello')
  await room.over
})
