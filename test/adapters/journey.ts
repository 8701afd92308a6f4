import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Policy } from '../../src/changes/policy.ts'
import type { ChatAdapter } from '../../src/chat/adapter.ts'
import { type Bench, setUp } from '../journeys/bench.ts'
import { startWholeBot } from './whole-bot.ts'

export type Person = 'requester' | 'approver' | 'stranger'

/** What the journeys need of a platform: two channels, what stands in them, and three people who type and react. */
export interface ChatRoom {
  readonly adapter: ChatAdapter
  /** Where commands are typed, and where incidents are told. */
  readonly ops: string
  readonly incidents: string
  readonly ids: Readonly<Record<Person, string>>
  /** A group of people as the platform has them, and who is in it from now on; null where there are no groups. */
  readonly group: { readonly id: string; fill(people: readonly Person[]): void } | null
  type(who: Person, text: string): Promise<void>
  react(who: Person, message: string, yes: boolean): Promise<void>
  takeBack(who: Person, message: string, yes: boolean): Promise<void>
  /** The bot itself, or another one, approves; nothing where there are no bots. */
  robotReacts(message: string): Promise<void>
  /** What stands in a channel outside of threads, oldest first. */
  roots(channel: string): Promise<readonly { readonly id: string; readonly words: string }[]>
  thread(channel: string, message: string): Promise<readonly string[]>
  /** People can react: where the bot puts the reactions there first, it has. */
  offered(message: string): Promise<boolean>
  whispered(who: Person): Promise<readonly string[]>
  files(message: string): Promise<readonly { readonly name: string; readonly content: Buffer }[]>
  /** What the platform would have refused. */
  problems(): readonly string[]
  close(): Promise<void>
}

const soon = { timeout: 30_000, interval: 20 }
const GRUB = '/etc/default/grub'

/** The same journeys on every chat: real adapters, a whole bot, a simulated node. `groups`: the platform has groups of people. */
export const chatJourney = (name: string, open: () => Promise<ChatRoom>, { groups = true } = {}) =>
  describe(`${name}, the journey of every chat`, () => {
    let room: ChatRoom
    let bench: Bench
    let bot: Awaited<ReturnType<typeof startWholeBot>>
    beforeEach(async () => {
      room = await open()
      bench = await setUp('node1')
    })
    afterEach(async () => {
      await bot.stop()
      await bench.close()
      await room.close()
      expect(room.problems()).toEqual([])
      expect(bot.trouble).toEqual([])
    })

    const start = async (rules: Partial<Policy>) => {
      bot = await startWholeBot({
        engine: bench.engine,
        chats: [room.adapter],
        incidentChannels: [{ adapter: room.adapter.name, channel: room.incidents }],
        rules,
      })
    }
    const shown = async (message: string) => (await room.roots(room.ops)).find(({ id }) => id === message)?.words ?? ''
    const shows = (message: string, words: string | RegExp) => expect.poll(() => shown(message), soon).toMatch(words)
    const told = (who: Person, words: string) =>
      expect.poll(async () => (await room.whispered(who)).join('\n'), soon).toContain(words)
    /** Types a command; answers the message that comes of it and asks for approval. */
    const asked = async (text: string): Promise<string> => {
      const before = (await room.roots(room.ops)).length
      await room.type('requester', text)
      await expect.poll(async () => (await room.roots(room.ops))[before]?.words, soon).toContain('waiting for approval')
      const { id = '' } = (await room.roots(room.ops))[before] ?? {}
      await expect.poll(() => room.offered(id), soon).toBe(true)
      return id
    }
    const closed = async (outcome: string) => {
      await expect.poll(async () => (await bot.core.live()).length, soon).toBe(0)
      const [change] = await bot.core.history(1)
      expect(change).toMatchObject({ state: 'closed', outcome })
      return change?.id ?? ''
    }

    test('diagnosed, refused to whoever may not approve, approved, tried, kept; undone the same way; frozen and thawed', async () => {
      await start({ approvers: [room.ids.requester, room.ids.approver] })
      const was = bench.node.files.get(GRUB)
      const card = await asked('/pcie diagnose node1')

      await room.robotReacts(card)
      await room.react('stranger', card, true)
      await told('stranger', 'is not on the approver list')
      await room.react('requester', card, true)
      await told('requester', 'wants another person to approve it')
      expect(await bot.core.live()).toMatchObject([{ state: 'proposed', votes: [] }])
      expect(bench.node.boots).toEqual({ all: 1, trials: 0 })

      await room.react('approver', card, true)
      const kept = await closed('done')
      await shows(card, new RegExp(`change ${kept}: kept`))
      expect(bench.node.boots).toEqual({ all: 2, trials: 1 })
      expect(bench.node.files.get(GRUB)).toContain('intel_iommu=on')
      expect(await room.roots(room.ops)).toHaveLength(1)
      await expect.poll(async () => (await room.thread(room.ops, card)).join('\n'), soon).toContain('Kept: permanent')
      const steps = await room.thread(room.ops, card)
      expect(steps.join('\n')).toMatch(/Approved by [\s\S]*rebooting now for a trial[\s\S]*Kept: permanent/i)
      expect(new Set(steps).size).toBe(steps.length)
      await expect
        .poll(async () => (await room.roots(room.incidents)).map(({ words }) => words), soon)
        .toEqual([expect.stringMatching(new RegExp(`change ${kept}: kept`))])
      const incident = (await room.roots(room.incidents))[0]?.id ?? ''
      await expect
        .poll(async () => (await room.thread(room.incidents, incident)).join('\n'), soon)
        .toMatch(/Approved by [\s\S]*Kept: permanent/)

      const undo = await asked(`/pcie undo ${kept}`)
      await room.type('requester', '/pcie freeze')
      await expect.poll(async () => (await room.roots(room.ops)).at(-1)?.words, soon).toMatch(/Frozen[\s\S]*froze/)
      await room.react('approver', undo, true)
      await told('approver', 'froze all changes')
      expect(await bot.core.live()).toMatchObject([{ state: 'proposed', votes: [] }])
      await room.type('approver', '/pcie thaw')
      await expect.poll(async () => (await room.roots(room.ops)).at(-1)?.words, soon).toContain('Thawed')
      expect(bench.node.boots.all).toBe(2)
      await room.takeBack('approver', undo, true)
      await room.react('approver', undo, true)
      const taken = await closed('done')
      expect(taken).not.toBe(kept)
      await shows(undo, new RegExp(`change ${taken}: kept`))
      expect(bench.node.files.get(GRUB)).toBe(was)
      expect(bench.node.boots).toEqual({ all: 3, trials: 2 })
    })

    if (groups) {
      test('members of a group approve as the platform says at that moment, and again when the change starts', async () => {
        const { group } = room
        if (!group) throw new Error('this room has no groups')
        await start({ approvers: [group.id] })
        group.fill(['stranger'])
        const card = await asked('/pcie diagnose node1')
        await room.react('approver', card, true)
        await told('approver', 'is not on the approver list')
        await room.takeBack('approver', card, true)

        group.fill(['approver'])
        bench.node.unplugged = true
        await room.react('approver', card, true)
        await expect.poll(async () => (await bot.core.live())[0]?.state, soon).toBe('approved')
        group.fill([])
        await closed('refused')
        bench.node.unplugged = false
        await shows(card, 'approvals do not suffice')
        expect(bench.node.boots).toEqual({ all: 1, trials: 0 })

        group.fill(['approver'])
        const again = await asked('/pcie diagnose node1')
        await room.react('approver', again, true)
        await closed('done')
        await shows(again, /kept/)
      })
    }

    test('/pcie topology shows the tree, with its picture in the thread', async () => {
      await start({ approvers: [room.ids.approver] })
      await room.type('requester', '/pcie topology node1')
      await expect
        .poll(async () => (await room.roots(room.ops))[0]?.words, soon)
        .toMatch(/PCIe topology[\s\S]*01:00\.0/)
      const [{ id } = { id: '' }] = await room.roots(room.ops)
      await expect.poll(() => room.files(id), soon).toHaveLength(1)
      const [file] = await room.files(id)
      expect(file?.name).toMatch(/topology-node1\.png$/)
      expect(file?.content.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
      expect(file?.content.readUInt32BE(16)).toBeGreaterThan(500)
      expect(file?.content.subarray(-8, -4).toString('latin1')).toBe('IEND')
      expect(await room.whispered('requester')).not.toContainEqual(expect.stringContaining('No picture'))
    })
  })
