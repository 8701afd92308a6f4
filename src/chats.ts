import { join } from 'node:path'
import { createConsoleAdapter } from '../adapters/console/index.ts'
import { createDiscordAdapter } from '../adapters/discord/index.ts'
import { createSlackAdapter } from '../adapters/slack/index.ts'
import { createWebAdapter } from '../adapters/web/index.ts'
import { commands } from '../commands/index.ts'
import { demoCard, inBrowserCard } from './cards/welcome-card.ts'
import type { ChatAdapter } from './chat/adapter.ts'
import type { ChannelRef } from './chat/notifier.ts'
import { groupsOf } from './chat/words.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import type { Streams } from './main.ts'
import type { Reach } from './reach.ts'
import { rules } from './rules/index.ts'
import type { Storage } from './storage.ts'

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
  readonly storage: Pick<Storage, 'slackOffers' | 'discordOffers'>
  /** The highest number of a console message that shows a change. */
  readonly lastMessage: number
  /** Ids of the live changes, for completion. */
  readonly changes: () => Promise<string[]>
  /** What a diagnosis of a node can be narrowed to, as the last look found it: `vm:101`, `device:0000:01:00.0`. For completion. */
  readonly targets?: (node: string) => readonly string[]
}

/** Makes the chats; none of them is started. */
export function openChats(config: Config, world: World): Chats {
  const { reach, log, storage, changes, targets = () => [] } = world
  const { slack, discord, reactions } = config
  const nodes = () => reach.nodes.map(({ name }) => name)
  const groups = () => groupsOf(reach.nodes)
  const platforms: ChatAdapter[] = []
  if (slack) {
    const { botToken, entrance } = slack
    platforms.push(createSlackAdapter({ botToken, entrance, reactions, offers: storage.slackOffers, log }))
  }
  if (discord) {
    const { token, guild } = discord
    platforms.push(
      createDiscordAdapter({
        ...{ token, guild, commands, nodes, groups, changes, targets, reactions, offers: storage.discordOffers, log },
        rules: rules.map(({ id }) => id),
      }),
    )
  }
  const room = consoleChat(config, { ...world, targets })
  const web = webChat(config, world, room)
  if (web) platforms.push(web)
  const incidentChannels = [
    { adapter: 'console', channel: config.console.incidents },
    ...(slack?.incidents ? [{ adapter: 'slack', channel: slack.incidents }] : []),
    ...(discord?.incidents ? [{ adapter: 'discord', channel: discord.incidents }] : []),
    ...(web ? [{ adapter: 'web', channel: config.console.incidents }] : []),
  ]
  return { console: room, platforms, incidentChannels }
}

/** The page in a browser; in a demonstration only beside a terminal, where its links are shown. */
function webChat(
  { web, console: room, reactions, demo }: Config,
  { streams, reach, log }: World,
  terminal: ChatAdapter,
) {
  if (!web || (demo && (streams.events || !streams.input.isTTY || !streams.output.isTTY))) return null
  const nodes = reach.nodes.map(({ name }) => name)
  return createWebAdapter({
    ...web,
    channel: room.channel,
    incidents: room.incidents,
    reactions,
    known: () => [
      ...[...nodes, ...groupsOf(reach.nodes)].map((node) => `/pcie diagnose ${node}`),
      ...commands.map(({ example }) => `/pcie ${example}`),
    ],
    log,
    started(address) {
      log.info({ at: address }, 'the web page is served')
      if (!demo) return
      const links = web.people.map(({ name, token }) => [name, `${address}#key=${token}`] as const)
      const [first = ''] = room.people
      const to = { id: `${terminal.name}:${first}`, name: first, bot: false }
      void terminal.whisper(to, room.channel, inBrowserCard(links)).catch(() => undefined)
    },
  })
}

function consoleChat(config: Config, { streams, reach, lastMessage, targets }: World) {
  const { input, output, events } = streams
  const { nodes } = reach
  return createConsoleAdapter({
    people: config.console.people,
    channel: config.console.channel,
    commands,
    input,
    output,
    mode: events ? 'events' : input.isTTY && output.isTTY ? 'terminal' : 'plain',
    idsFile: join(config.data, 'console-ids'),
    idsAfter: lastMessage,
    filesFolder: join(config.data, 'files'),
    reactions: config.reactions,
    nodes: () => nodes.map(({ name }) => name),
    groups: () => groupsOf(nodes),
    ...(targets && { targets }),
    rules: rules.map(({ id }) => id),
    colour: config.colour,
    ...(config.demo && !events && { welcome: demoCard(nodes) }),
  })
}
