import { join } from 'node:path'
import { createConsoleAdapter } from '../adapters/console/index.ts'
import { createDiscordAdapter, Offer } from '../adapters/discord/index.ts'
import { createSlackAdapter, SlackOffer } from '../adapters/slack/index.ts'
import { commands } from '../commands/index.ts'
import { demoCard } from './cards/welcome-card.ts'
import type { ChatAdapter } from './chat/adapter.ts'
import type { ChannelRef } from './chat/notifier.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import type { Streams } from './main.ts'
import type { Reach } from './reach.ts'
import { rules } from './rules/index.ts'
import { createLowdbStore } from './store/lowdb-store.ts'

/** Every chat of the configuration. The console is always there. */
export interface Chats {
  readonly console: ReturnType<typeof createConsoleAdapter>
  /** Those on platforms: they can be out of reach, and come back. */
  readonly platforms: readonly ChatAdapter[]
  readonly incidentChannels: readonly ChannelRef[]
}

interface World {
  readonly streams: Streams
  readonly reach: Reach
  readonly log: Log
  /** The highest number of a console message that shows a change. */
  readonly lastMessage: number
  /** Ids of the live changes, for completion. */
  readonly changes: () => Promise<string[]>
}

/** Makes the chats; none of them is started. */
export async function openChats(config: Config, { streams, reach, log, changes, lastMessage }: World): Promise<Chats> {
  const file = (name: string) => join(config.data, name)
  const { slack, discord } = config
  const nodes = () => reach.nodes.map(({ name }) => name)
  const platforms: ChatAdapter[] = []
  if (slack) {
    const { botToken, entrance } = slack
    const offers = await createLowdbStore(file('slack-offers.json'), SlackOffer)
    platforms.push(createSlackAdapter({ botToken, entrance, offers, log }))
  }
  if (discord) {
    const { token, guild } = discord
    const offers = await createLowdbStore(file('discord-offers.json'), Offer)
    platforms.push(
      createDiscordAdapter({ token, guild, commands, nodes, changes, rules: rules.map(({ id }) => id), offers, log }),
    )
  }
  const incidentChannels = [
    { adapter: 'console', channel: config.console.incidents },
    ...(slack?.incidents ? [{ adapter: 'slack', channel: slack.incidents }] : []),
    ...(discord?.incidents ? [{ adapter: 'discord', channel: discord.incidents }] : []),
  ]
  return { console: consoleChat(config, streams, reach, lastMessage), platforms, incidentChannels }
}

const consoleChat = (config: Config, { input, output, events }: Streams, { nodes }: Reach, idsAfter: number) =>
  createConsoleAdapter({
    people: config.console.people,
    channel: config.console.channel,
    commands,
    input,
    output,
    mode: events ? 'events' : input.isTTY && output.isTTY ? 'terminal' : 'plain',
    idsFile: join(config.data, 'console-ids'),
    idsAfter,
    nodes: () => nodes.map(({ name }) => name),
    rules: rules.map(({ id }) => id),
    colour: config.colour,
    ...(config.demo && !events && { welcome: demoCard(nodes) }),
  })
