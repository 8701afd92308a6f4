import { type APIMessage, type APIReaction, type APIUser, ReactionType, Routes } from 'discord.js'
import type { Connection } from './connection.ts'
import { apiEmoji, sameEmoji } from './emoji.ts'
import { discordError } from './errors.ts'

export interface Emoji {
  readonly approve: string
  readonly deny: string
}

export interface Given {
  readonly user: APIUser
  readonly yes: boolean
}

const PAGE = 100

/** Offers both reactions on a message; an offer that is there already stays. */
export async function offerBoth(connection: Connection, channel: string, message: string, emoji: Emoji): Promise<void> {
  try {
    for (const one of [emoji.approve, emoji.deny])
      await connection.rest().put(Routes.channelMessageOwnReaction(channel, message, encodeURIComponent(apiEmoji(one))))
  } catch (error) {
    const takes = connection.lacks(channel, ['AddReactions', 'ReadMessageHistory'])
    throw discordError(error, { what: `reacting in channel ${channel}`, takes })
  }
}

/** Who has given which of the two reactions on this message, as Discord knows it now: denials first, the bot's own left out. */
export async function ballotOf(
  connection: Connection,
  channel: string,
  message: string,
  emoji: Emoji,
): Promise<readonly Given[]> {
  const rest = connection.rest()
  const { reactions = [] } = (await rest.get(Routes.channelMessage(channel, message))) as APIMessage
  const given: Given[] = []
  for (const reaction of reactions) {
    const yes = sameEmoji(reaction.emoji, emoji.approve)
    if (!yes && !sameEmoji(reaction.emoji, emoji.deny)) continue
    const route = Routes.channelMessageReaction(channel, message, encodeURIComponent(nameOf(reaction)))
    for (const type of reaction.count_details.burst ? [ReactionType.Normal, ReactionType.Super] : [ReactionType.Normal])
      for (let after = '0', more = true; more; ) {
        const query = new URLSearchParams({ limit: String(PAGE), after, type: String(type) })
        const users = (await rest.get(route, { query })) as APIUser[]
        given.push(...users.map((user) => ({ user, yes })))
        after = users.at(-1)?.id ?? after
        more = users.length === PAGE
      }
  }
  return given
    .filter(({ user }) => user.id !== connection.client().user.id)
    .toSorted((one, other) => Number(one.yes) - Number(other.yes))
}

const nameOf = ({ emoji }: APIReaction): string => (emoji.id ? `${emoji.name}:${emoji.id}` : (emoji.name ?? ''))
