import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { dataFolder } from '../journeys/room.ts'
import type { BusyBot } from './busy-bot.ts'
import type { NodeAt } from './busy-nodes.ts'
import { peopleOn, startDiscord } from './discord/rig.ts'
import { GUILD, INCIDENTS, OPS, TOKEN } from './discord/world.ts'
import { openWorkspace } from './slack/workspace.ts'

/** Slack and Discord give up after 3 s: nothing may take that long. What is promised is far below, for a machine that has nothing else to do. */
const ALLOWED_MS = 3000
const PROMISED_MS = 500
const AT_ONCE = 50
const EVERY_MS = 25

/** A platform with nobody on it yet. `give` types a command and answers how long the platform waited, in ms, by its own clock. */
interface Platform {
  readonly bot: Omit<BusyBot, 'node' | 'folder'>
  give(text: string): Promise<number>
  /** How many messages stand where commands are typed. */
  answers(): number
  problems(): readonly string[]
  close(): Promise<void>
}

const onSlack = async (mode: 'http' | 'socket'): Promise<Platform> => {
  const workspace = await openWorkspace(mode)
  const { botToken, entrance, apiUrl = '' } = workspace.options()
  return {
    bot: { slack: { botToken, entrance, apiUrl }, incidents: 'incidents' },
    give: async (text) => {
      const { status, ms } = await workspace.type(text)
      expect(status).toBe(200)
      return ms
    },
    answers: () => workspace.calls('chat.postMessage').filter(({ body }) => body.channel === workspace.ops).length,
    problems: () => workspace.front.problems,
    close: () => workspace.close(),
  }
}

const onDiscord = async (): Promise<Platform> => {
  const discord = await startDiscord()
  const people = peopleOn(discord)
  return {
    bot: { discord: { token: TOKEN, guild: GUILD, api: discord.api }, incidents: INCIDENTS },
    give: (text) => people.type(text).acknowledged.promise,
    answers: () => people.inChannel(OPS).length,
    problems: () => discord.wrong,
    close: () => discord.close(),
  }
}

const thread = (file: string, workerData: object) => new Worker(new URL(file, import.meta.url), { workerData })

const idle = async (bot: Worker) => {
  bot.postMessage('idle?')
  await once(bot, 'message')
}

test.each<[string, () => Promise<Platform>]>([
  ['Slack over HTTP', () => onSlack('http')],
  ['Slack over Socket Mode', () => onSlack('socket')],
  ['Discord', onDiscord],
])('%s sees every command acknowledged in time while 50 diagnoses run, most within 500 ms', async (name, open) => {
  const data = dataFolder()
  const platform = await open()
  const nodes = thread('./busy-nodes.ts', { folder: data.path })
  const [node] = (await once(nodes, 'message')) as [NodeAt]
  const bot = thread('./busy-bot.ts', { ...platform.bot, node, folder: data.path } satisfies BusyBot)
  try {
    await once(bot, 'message')
    // A bot that has just started is slower: its code is not compiled yet.
    for (let count = 0; count < 5; count += 1) await platform.give('/pcie diagnose node1')
    await idle(bot)
    const before = platform.answers()
    const diagnoses = Array.from({ length: AT_ONCE }, () => platform.give('/pcie diagnose node1'))
    let running = true
    const over = Promise.all(diagnoses).then(async (took) => {
      await idle(bot)
      running = false
      return took
    })
    const meanwhile: Promise<number>[] = []
    while (running) {
      // Not one after the other: the next command does not wait for the bot to be free again.
      if (meanwhile.length < 100) meanwhile.push(platform.give('/pcie help nodes'))
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
    const [burst, others] = [await over, await Promise.all(meanwhile)]
    console.log(
      `${name}: ${AT_ONCE} diagnoses ${figures(burst)}; ${others.length} commands meanwhile ${figures(others)}`,
    )
    expect(platform.answers() - before).toBeGreaterThanOrEqual(AT_ONCE)
    expect(others.length).toBeGreaterThan(5)
    const all = [...burst, ...others]
    expect(median(all)).toBeLessThan(PROMISED_MS)
    expect(all.filter((ms) => !(ms < ALLOWED_MS))).toEqual([])
    expect(platform.problems()).toEqual([])
  } finally {
    await bot.terminate()
    await nodes.terminate()
    await platform.close()
    data.remove()
  }
})

const median = (all: readonly number[]): number =>
  all.toSorted((one, other) => one - other)[all.length >> 1] ?? Number.POSITIVE_INFINITY

const figures = (all: readonly number[]): string =>
  `acknowledged in ${median(all).toFixed(0)} ms (median), ${Math.max(...all).toFixed(0)} ms (slowest)`
