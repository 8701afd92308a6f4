import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Card } from '../../src/cards/card.ts'
import type { ChatAdapter, Incoming } from '../../src/chat/adapter.ts'

/** What the suite needs of a platform: what people see there, and people who type and react. */
export interface Rig {
  readonly adapter: ChatAdapter
  /** A channel where commands may be typed. */
  readonly channel: string
  /** What this message shows now, to everybody. */
  shown(message: string): Promise<string | undefined>
  /** What only this person was shown. */
  whispered(personId: string): Promise<readonly string[]>
  type(text: string): Promise<void>
  react(message: string, yes: boolean): Promise<void>
  /** The files that were put to this message. */
  attached(message: string): Promise<readonly { readonly name: string; readonly content: Buffer }[]>
  /** Somebody who is in the first of these groups and not in the second; none where the platform has no groups. */
  readonly groups: { readonly person: string; readonly in: string; readonly notIn: string } | null
  /** Ids whose call means something here, and what a called message then shows of them. */
  readonly calls: readonly (readonly [id: string, shows: string])[]
  takeBack(message: string): Promise<void>
  /** From now on the platform takes no message. */
  cut(): void
}

const card = (title: string, asks = false): Card => ({
  title,
  tone: 'info',
  blocks: [{ type: 'text', text: `${title}, in full` }],
  change: { id: 'c1', state: 'proposed', digest: 'abc' },
  ...(asks && { asks: 'approval' as const }),
})

/** One suite for every chat: what the router and the notifier rely on. */
export const chatAdapterContract = (name: string, make: () => Promise<Rig>) =>
  describe(`${name} keeps the chat adapter contract`, () => {
    let rig: Rig
    let heard: Incoming[]
    beforeEach(async () => {
      rig = await make()
      heard = []
      await rig.adapter.start(async (incoming) => void heard.push(incoming))
    })
    afterEach(() => rig.adapter.stop())

    test('a posted card is seen, under the reference that post gives', async () => {
      const posted = await rig.adapter.post(rig.channel, card('first'))
      expect(posted).toMatchObject({ adapter: rig.adapter.name, channel: rig.channel, thread: null })
      expect(await rig.shown(posted.message)).toContain('first, in full')
    })
    test('every message has an id of its own', async () => {
      const posted = await Promise.all([1, 2, 3].map((n) => rig.adapter.post(rig.channel, card(`card ${n}`))))
      expect(new Set(posted.map(({ message }) => message)).size).toBe(3)
    })
    test('an edit changes the message in place', async () => {
      const posted = await rig.adapter.post(rig.channel, card('before'))
      await rig.adapter.edit(posted, card('after'))
      expect(await rig.shown(posted.message)).toContain('after, in full')
    })
    test('a message in a thread knows its thread', async () => {
      const root = await rig.adapter.post(rig.channel, card('root'))
      const step = await rig.adapter.post(rig.channel, card('step'), { thread: root })
      expect(step.thread).toBe(root.message)
      expect(step.message).not.toBe(root.message)
    })
    test('a typed command is heard with its person and channel', async () => {
      await rig.type('/pcie nodes')
      await expect
        .poll(() => heard)
        .toMatchObject([{ kind: 'command', text: '/pcie nodes', channel: rig.channel, by: { bot: false } }])
    })
    test('a reaction given and taken back points at the message', async () => {
      const { message } = await rig.adapter.post(rig.channel, card('asks', true))
      await rig.react(message, true)
      await expect
        .poll(() => heard)
        .toMatchObject([{ kind: 'reaction', yes: true, given: true, on: { message, channel: rig.channel } }])
      await rig.takeBack(message)
      await expect.poll(() => heard[1]).toMatchObject({ kind: 'reaction', yes: true, given: false, on: { message } })
      await rig.react(message, false)
      await expect.poll(() => heard[2]).toMatchObject({ kind: 'reaction', yes: false, given: true, on: { message } })
    })
    test('a file stands with its message, byte for byte, under a name that is one', async () => {
      const posted = await rig.adapter.post(rig.channel, card('first'))
      const step = await rig.adapter.post(rig.channel, card('step'), { thread: posted })
      const content = Uint8Array.from({ length: 3000 }, (_, index) => index % 256)
      await rig.adapter.attach(posted, { name: 'topology.png', type: 'image/png', content })
      await rig.adapter.attach(posted, { name: '../../etc/cron.d/evil', type: 'text/plain', content })
      const files = await rig.attached(posted.message)
      expect(files.map(({ name }) => name)).toEqual(['topology.png', 'evil'])
      expect(files.map((file) => Buffer.compare(file.content, content))).toEqual([0, 0])
      await rig.adapter.attach(step, { name: 'late.txt', type: 'text/plain', content })
      expect(await rig.shown(posted.message)).toContain('first, in full')
    })
    test('only groups of its own, and people of its own, are looked up', async () => {
      const among = ['slack:group:S0NONE', 'discord:role:1', 'console:bob'].filter(
        (id) => !id.startsWith(rig.adapter.name),
      )
      const stranger = { id: 'elsewhere:1', name: 'x', bot: false }
      expect(await rig.adapter.groupsOf({ ...stranger, id: rig.groups?.person ?? 'console:bob' }, among)).toEqual([])
      expect(await rig.adapter.groupsOf(stranger, rig.groups ? [rig.groups.in] : among)).toEqual([])
    })
    test('a group is one that the person is in at this moment', async () => {
      if (!rig.groups) return
      const { person, in: one, notIn } = rig.groups
      expect(await rig.adapter.groupsOf({ id: person, name: 'x', bot: false }, [notIn, one, one])).toEqual([one])
    })
    test('a card calls whom it names when it is posted, and nobody when it is edited or whispered', async () => {
      const calls = ['slack:nonsense', 'discord:role:x', ...rig.calls.map(([id]) => id)]
      const posted = await rig.adapter.post(rig.channel, { ...card('a person is needed'), calls })
      const shown = await rig.shown(posted.message)
      for (const [, shows] of rig.calls) expect(shown).toContain(shows)
      await rig.adapter.edit(posted, { ...card('still'), calls })
      for (const [, shows] of rig.calls) expect(await rig.shown(posted.message)).not.toContain(shows)
    })
    test('a whisper reaches one person', async () => {
      await rig.type('/pcie nodes')
      await expect.poll(() => heard.length).toBe(1)
      const by = heard[0]?.kind === 'command' ? heard[0].by : undefined
      if (!by) throw new Error('nobody typed')
      await rig.adapter.whisper(by, rig.channel, card('only for you'))
      expect((await rig.whispered(by.id)).join()).toContain('only for you')
    })
    test('a message that the platform did not take is an error, not a success', async () => {
      const posted = await rig.adapter.post(rig.channel, card('first'))
      rig.cut()
      await expect(rig.adapter.post(rig.channel, card('lost'))).rejects.toThrow()
      await expect(rig.adapter.edit(posted, card('lost'))).rejects.toThrow()
      const file = { name: 'lost.txt', type: 'text/plain', content: Buffer.from('x') }
      await expect(rig.adapter.attach(posted, file)).rejects.toThrow()
    })
    test('after stop nothing is heard any more', async () => {
      expect(rig.adapter.connected()).toBe(true)
      await rig.adapter.stop()
      expect(rig.adapter.connected()).toBe(false)
      await rig.type('/pcie nodes').catch(() => undefined)
      expect(heard).toEqual([])
    })
  })
