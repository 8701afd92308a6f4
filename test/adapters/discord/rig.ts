import { createDiscordAdapter, type DiscordOptions } from '../../../adapters/discord/index.ts'
import { commands } from '../../../commands/index.ts'
import { type Discord, startDiscord } from './stub.ts'
import type { Message } from './world.ts'
import { APP, GUILD, memberOf, OPS, PEOPLE, type Person, snowflake, TOKEN } from './world.ts'

export const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** An adapter on the stand-in. */
export const adapterOn = (discord: Discord, more: Partial<DiscordOptions> = {}) =>
  createDiscordAdapter({
    token: TOKEN,
    guild: GUILD,
    api: discord.api,
    commands,
    nodes: () => ['node1', 'node3'],
    rules: ['iommu-off', 'iommu-off-in-firmware', 'grub-config-broken'],
    log: quiet,
    ...more,
  })

export interface Given {
  readonly who?: Person
  readonly channel?: string
  /** The acknowledgement comes too late, or the token is used up. */
  readonly late?: boolean
}

/** What people do and see on the stand-in. */
export function peopleOn(discord: Discord) {
  const { world, routes, gateway } = discord

  const interact = (type: number, options: object, { who = 'olga', channel = OPS, late = false }: Given) => {
    const user = PEOPLE[who].id
    const one = { id: snowflake(), token: `t${snowflake()}`, user, late }
    const acknowledged = Promise.withResolvers<number>()
    const asked = {
      ...{ ...one, state: 'new' as const, ephemeral: false, private: [], choices: null },
      ...{ at: performance.now(), acknowledged },
    }
    routes.asked.set(one.token, asked)
    gateway.dispatch('INTERACTION_CREATE', {
      id: one.id,
      application_id: APP,
      type,
      token: one.token,
      version: 1,
      guild_id: GUILD,
      channel_id: channel,
      channel: { id: channel, type: 0, name: 'ops', permissions: '0' },
      guild: { id: GUILD, locale: 'en-US', features: [] },
      member: { ...memberOf(user), permissions: '0' },
      app_permissions: '0',
      locale: 'en-US',
      guild_locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: { 0: GUILD },
      context: 0,
      attachment_size_limit: 10485760,
      data: { id: '1', name: 'pcie', type: 1, options: [options] },
    })
    return routes.asked.get(one.token) ?? asked
  }

  /** `/pcie diagnose node3 vm:101`, chosen from the menu: the options are named by what is registered. */
  const type = (text: string, given: Given = {}) => {
    const [, name = '', ...words] = text.split(' ')
    const declared = (world.commands[0]?.options ?? []) as { name: string; options?: { name: string }[] }[]
    const options = declared.find((one) => one.name === name)?.options ?? []
    return interact(
      2,
      {
        name,
        type: 1,
        options: words.map((value, index) => ({ name: options[index]?.name ?? `word-${index}`, type: 3, value })),
      },
      given,
    )
  }

  const messageOf = (id: string): Message => {
    const found = world.messages.get(id)
    if (!found) throw new Error(`there is no message ${id}`)
    return found
  }

  return {
    type,
    complete: (name: string, options: Record<string, string>, focused: string) =>
      interact(
        4,
        {
          name,
          type: 1,
          options: Object.entries(options).map(([key, value]) => ({
            name: key,
            type: 3,
            value,
            ...(key === focused && { focused: true }),
          })),
        },
        {},
      ),
    react: (id: string, yes: boolean, who: Person = 'ada', emoji = yes ? '✅' : '❌') =>
      routes.react(messageOf(id), emoji, PEOPLE[who].id),
    takeBack: (id: string, yes: boolean, who: Person = 'ada') =>
      routes.takeBack(messageOf(id), yes ? '✅' : '❌', PEOPLE[who].id),
    messageOf,
    /** As it is read: without escapes. */
    read: (message: Message): string => readable(message),
    inChannel: (channel: string) => [...world.messages.values()].filter((one) => one.channel === channel),
    /** What only this person saw: private answers, direct messages. */
    whispered(who: Person): string[] {
      const user = PEOPLE[who].id
      const direct = [...world.direct].filter(([, one]) => one === user).map(([channel]) => channel)
      return [
        ...[...routes.asked.values()].filter((one) => one.user === user).flatMap((one) => one.private),
        ...[...world.messages.values()].filter(({ channel }) => direct.includes(channel)),
      ].map(readable)
    },
  }
}
export type People = ReturnType<typeof peopleOn>

const readable = ({ content, embeds }: Message): string =>
  [content, ...embeds.map(({ description, footer }) => `${description ?? ''}\n${footer?.text ?? ''}`)]
    .join('\n')
    .replaceAll(/\\(?=[^\w\s])/g, '')
    .replaceAll('\u200b', '')

export { startDiscord }
