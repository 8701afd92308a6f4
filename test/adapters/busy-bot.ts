import { parentPort, workerData } from 'node:worker_threads'
import { createDiscordAdapter, type DiscordOptions } from '../../adapters/discord/index.ts'
import { createSlackAdapter, type SlackOptions } from '../../adapters/slack/index.ts'
import { commands } from '../../commands/index.ts'
import { createEngine } from '../../src/engine.ts'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'
import { quietParts } from '../journeys/quiet-parts.ts'
import type { NodeAt } from './busy-nodes.ts'
import { startWholeBot } from './whole-bot.ts'

/** What the thread of the bot is given: a platform, a node, a folder for what it keeps. */
export interface BusyBot {
  readonly slack?: Pick<SlackOptions, 'botToken' | 'entrance' | 'apiUrl'>
  readonly discord?: Pick<DiscordOptions, 'token' | 'guild'> & { readonly api: string }
  readonly incidents: string
  readonly node: NodeAt
  readonly folder: string
}

/** The whole bot in a thread of its own. Says `ready`; asked `idle?`, says `idle` when nothing is worked on any more. */
const { slack, discord, incidents, node, folder } = workerData as BusyBot
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const chats = [
  ...(slack ? [createSlackAdapter({ ...slack, log })] : []),
  ...(discord ? [createDiscordAdapter({ ...discord, commands, nodes: () => ['node1'], rules: [], log })] : []),
]
const { port, hostKey, keyFile } = node
const transport = createSshTransport({
  nodes: { node1: { host: '127.0.0.1', port, user: 'root', keyFile, sudo: false } },
  hostKeys: { get: async () => hostKey, pin: async () => undefined },
})
const bot = await startWholeBot({
  engine: async (given) =>
    createEngine({
      transport,
      nodes: [{ name: 'node1', about: 'simulated', simulated: true, labels: [] }],
      policy: () => {
        throw new Error('no policy')
      },
      ...(await quietParts(folder)),
      ...given,
    }),
  chats,
  incidentChannels: chats.map(({ name }) => ({ adapter: name, channel: incidents })),
})
parentPort?.on('message', (asked) => {
  if (asked === 'idle?') void bot.idle().then(() => parentPort?.postMessage('idle'))
})
parentPort?.postMessage('ready')
