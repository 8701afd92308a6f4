import { afterEach, beforeEach, expect, test } from 'vitest'
import { Offer } from '../../../adapters/discord/index.ts'
import type { Policy } from '../../../src/changes/policy.ts'
import { CardRecord } from '../../../src/chat/card-record.ts'
import { createMemoryStore } from '../../../src/store/memory-store.ts'
import { type Bench, setUp } from '../../journeys/bench.ts'
import { startWholeBot } from '../whole-bot.ts'
import { adapterOn, type People, peopleOn, quiet, startDiscord } from './rig.ts'
import type { Discord } from './stub.ts'
import { BOT, INCIDENTS, OPS, PEOPLE } from './world.ts'

let bench: Bench
let discord: Discord
let people: People
let stop: () => Promise<void>
const trouble: unknown[] = []

const cards = () => createMemoryStore(CardRecord)
const offers = () => createMemoryStore(Offer)
type Kept = { cards: ReturnType<typeof cards>; offers: ReturnType<typeof offers> }
let kept: Kept

/** The whole bot on Discord; what it keeps outlives it. */
async function bot(rules: Partial<Policy> = {}): Promise<void> {
  const chat = adapterOn(discord, { offers: kept.offers, nodes: () => ['node1'], log: quiet })
  const started = await startWholeBot({
    engine: bench.engine,
    chats: [chat],
    cards: kept.cards,
    incidentChannels: [{ adapter: 'discord', channel: INCIDENTS }],
    rules: { approvers: [`discord:${PEOPLE.ada.id}`, `discord:${PEOPLE.olga.id}`], ...rules },
  })
  stop = async () => {
    await started.stop()
    trouble.push(...started.trouble)
  }
}

beforeEach(async () => {
  bench = await setUp('node1')
  discord = await startDiscord()
  people = peopleOn(discord)
  kept = { cards: cards(), offers: offers() }
  trouble.length = 0
  await bot()
})
afterEach(async () => {
  await stop()
  await discord.close()
  await bench.close()
  expect(discord.wrong).toEqual([])
  expect(trouble).toEqual([])
})

const shows = (message: string) => people.read(people.messageOf(message))
const threadOf = (message: string) => people.inChannel(message).map(people.read).join('\n')
const incident = () => people.inChannel(INCIDENTS).map(people.read).join('\n')
const soon = { timeout: 20_000 }

/** `/pcie diagnose node1`, until its card asks for approval and offers the reactions. */
async function asked(): Promise<string> {
  people.type('/pcie diagnose node1')
  await expect.poll(() => people.inChannel(OPS).map(people.read).join(), soon).toContain('waiting for approval')
  const id = people.inChannel(OPS)[0]?.id ?? ''
  await expect.poll(() => people.messageOf(id).reactions.get('❌'), soon).toEqual([BOT])
  return id
}
async function isKept(card: string): Promise<void> {
  await expect.poll(() => shows(card), soon).toContain('kept: the change is permanent')
  await expect.poll(() => threadOf(card), soon).toContain('permanent')
  await expect.poll(incident, soon).toContain('kept: the change is permanent')
  expect(bench.node.boots.trials).toBe(1)
}

test('❌ denies; the same event twice, and a reaction on the incident message, do no harm', async () => {
  const card = await asked()
  await expect.poll(() => people.inChannel(INCIDENTS), soon).toHaveLength(1)
  people.react(people.inChannel(INCIDENTS)[0]?.id ?? '', true)
  await expect.poll(() => people.whispered('ada').join(), soon).toContain('does not show the plan')
  people.react(card, false)
  discord.gateway.repeat()
  await expect.poll(() => shows(card), soon).toContain('denied')
  expect(people.whispered('ada')).toHaveLength(1)
  expect(bench.node.boots.trials).toBe(0)
})

test('the bot restarts between card and reaction, and the reaction was given meanwhile', async () => {
  const card = await asked()
  people.react(card, true, 'stranger')
  await expect.poll(() => people.whispered('stranger'), soon).toHaveLength(1)
  await stop()
  people.react(card, true)
  await bot()
  await isKept(card)
  expect(people.whispered('stranger')).toHaveLength(1)
})

test('the bot restarts between card and reaction; the reaction comes after', async () => {
  const card = await asked()
  await stop()
  await bot()
  people.react(card, true)
  await isKept(card)
})

test('the bot restarts while the node is rebooting', async () => {
  const card = await asked()
  people.react(card, true)
  await expect.poll(() => threadOf(card), soon).toContain('rebooting now for a trial')
  await stop()
  await bot()
  await isKept(card)
  expect(threadOf(card).match(/keep this at hand/g)).toHaveLength(1)
})

test('two approvals are wanted, one is taken back while the bot is down', async () => {
  await stop()
  await bot({ quorum: 2, selfApproval: true })
  const card = await asked()
  people.react(card, true)
  await expect.poll(() => shows(card), soon).toContain('1 of 2: ada')
  await stop()
  people.takeBack(card, true)
  await bot({ quorum: 2, selfApproval: true })
  await expect.poll(() => shows(card), soon).toContain('0 of 2')
  people.react(card, true, 'olga')
  await expect.poll(() => shows(card), soon).toContain('1 of 2: olga')
  people.react(card, true)
  await isKept(card)
})

test('Discord answers 429 and 503 all along: it is waited out, and nothing is said twice', async () => {
  discord.fault(({ operation }) => operation === 'POST /channels/C/messages', { status: 503 }, 2)
  const limited = { message: 'You are being rate limited.', retry_after: 0.2, global: false }
  discord.fault(
    ({ operation }) => operation.startsWith('PATCH /channels'),
    { status: 429, body: limited, headers: { 'retry-after': '0.2' } },
    2,
  )
  const card = await asked()
  people.react(card, true)
  await isKept(card)
  expect(people.inChannel(OPS)).toHaveLength(1)
  const steps = people.inChannel(card).map(people.read)
  expect(new Set(steps).size).toBe(steps.length)
})

test('approved by command, where reacting is not possible', async () => {
  const card = await asked()
  const id = /change (c\w+)/.exec(shows(card))?.[1] ?? ''
  people.type(`/pcie approve ${id}`, { who: 'stranger' })
  await expect.poll(() => people.whispered('stranger').join(), soon).toContain('not on the approver list')
  people.type(`/pcie approve ${id}`, { who: 'ada' })
  await isKept(card)
  expect(people.whispered('ada').join()).toContain('Noted')
})
