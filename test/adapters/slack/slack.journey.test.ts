import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Policy } from '../../../src/changes/policy.ts'
import { type Bench, setUp } from '../../journeys/bench.ts'
import { dataFolder } from '../../journeys/room.ts'
import { startBot } from './bot.ts'
import { type Mode, openWorkspace, type Workspace } from './workspace.ts'

const YES = 'white_check_mark'

let workspace: Workspace
let bench: Bench
let data: ReturnType<typeof dataFolder>
let rules: Partial<Policy>
const bots: Awaited<ReturnType<typeof startBot>>[] = []

const open = async (mode: Mode, more: Partial<Policy> = {}) => {
  workspace = await openWorkspace(mode)
  rules = { approvers: [`slack:${workspace.people.ann}`, `slack:${workspace.people.bob}`], ...more }
  bench = await setUp('node1', {}, rules)
}
const start = async (): Promise<(typeof bots)[number]> => {
  const bot = await startBot({ workspace, bench, data: data.path, rules })
  bots.push(bot)
  return bot
}
beforeEach(() => {
  data = dataFolder()
})
afterEach(async () => {
  for (const bot of bots.splice(0)) await bot.stop()
  await bench.close()
  await workspace.close()
  data.remove()
  expect(workspace.front.problems).toEqual([])
})

/** Types a diagnosis and waits for the card that asks, with its seeds. */
const asked = async (): Promise<string> => {
  const { status } = await workspace.type('/pcie diagnose node1')
  expect(status).toBe(200)
  const card = async () =>
    (await workspace.messages(workspace.ops)).findLast(({ words }) => words.includes('waiting for approval'))
  await expect.poll(async () => (await card())?.reactions.length, { timeout: 20_000 }).toBe(2)
  return (await card())?.ts ?? ''
}
const shows = (message: string, words: string | RegExp, timeout = 30_000) =>
  expect.poll(async () => (await workspace.message(message))?.words, { timeout }).toMatch(words)
const whispered = (by: 'ann' | 'olga' | 'stranger', words: string) =>
  expect.poll(() => workspace.whispers(by).join('\n')).toContain(words)

describe.each(['http', 'socket'] satisfies Mode[])('Slack over %s', (mode) => {
  test('restarted between card and reaction, with the reaction given meanwhile', async () => {
    await open(mode)
    const first = await start()
    const message = await asked()
    await first.stop()
    bots.length = 0
    await workspace.react('ann', message, YES)
    const second = await start()
    await expect
      .poll(async () => (await second.core.history(1))[0], { timeout: 30_000 })
      .toMatchObject({ outcome: 'done' })
    const id = (await second.core.history(1))[0]?.id
    await shows(message, new RegExp(`node1, change ${id}: `))
    expect((await workspace.messages(workspace.ops)).filter(({ words }) => words.includes('node1')).length).toBe(1)
  })

  test('restarted while the node is rebooting', async () => {
    await open(mode)
    const first = await start()
    const message = await asked()
    await workspace.react('ann', message, YES)
    await expect
      .poll(async () => (await first.core.live())[0]?.state, { interval: 5, timeout: 20_000 })
      .toBe('rebooting')
    await first.stop()
    bots.length = 0
    const second = await start()
    await expect
      .poll(async () => (await second.core.history(1))[0], { timeout: 30_000 })
      .toMatchObject({ outcome: 'done' })
    await shows(message, /kept|done/i)
    const thread = (await workspace.messages(workspace.ops, message)).slice(1).map(({ words }) => words)
    expect(new Set(thread).size).toBe(thread.length)
  })
})

test('two approvals are needed: one that is taken back while the bot is down is none', async () => {
  await open('socket', { quorum: 2 })
  const first = await start()
  const message = await asked()
  await workspace.react('ann', message, YES)
  await shows(message, '1 of 2: ann')
  await first.stop()
  bots.length = 0
  await workspace.takeBack('ann', message, YES)
  await workspace.react('bob', message, YES)
  const second = await start()
  await shows(message, '1 of 2: bob')
  expect(await second.core.live()).toMatchObject([{ state: 'proposed' }])
  await workspace.react('ann', message, YES)
  await expect
    .poll(async () => (await second.core.history(1))[0], { timeout: 30_000 })
    .toMatchObject({ outcome: 'done' })
})

test('the one who asked may approve nothing even as an approver; ❌ is heard', async () => {
  await open('socket')
  rules = { ...rules, approvers: [`slack:${workspace.people.olga}`] }
  await bench.close()
  bench = await setUp('node1', {}, rules)
  const bot = await start()
  const message = await asked()
  await workspace.react('olga', message, YES)
  await whispered('olga', 'wants another person to approve it')
  await workspace.react('olga', message, 'x')
  await expect.poll(async () => (await bot.core.history(1))[0]).toMatchObject({ outcome: 'denied' })
})

test('every command answers, typing errors in private', async () => {
  await open('http')
  await start()
  for (const text of ['/pcie nodes', '/pcie rules', '/pcie status', '/pcie history', '/pcie explain iommu-off'])
    await workspace.type(text)
  await expect.poll(async () => (await workspace.messages(workspace.ops)).length).toBe(5)
  await workspace.type('/pcie diagnos node1')
  await whispered('olga', 'did you mean diagnose')
  await workspace.type('/pcie')
  await whispered('olga', '/pcie diagnose')
})
