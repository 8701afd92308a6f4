import {
  type Client,
  Events,
  type Interaction,
  type Message,
  type MessageReaction,
  type PartialMessage,
  type PartialMessageReaction,
  type PartialUser,
  type User,
} from 'discord.js'
import type { Actor, MessageRef } from '../../src/changes/change.ts'
import type { Emoji } from './ballot.ts'
import { sameEmoji } from './emoji.ts'
import { actorOf } from './people.ts'

export interface Hearing {
  readonly guild: string
  readonly emoji: Emoji
  /** Nothing that comes in may end the process: every trouble of the three below goes here. */
  readonly trouble: (error: unknown, what: string) => void
  readonly interaction: (interaction: Interaction) => Promise<void>
  readonly reaction: (on: MessageRef, by: Promise<Actor>, yes: boolean, given: boolean) => Promise<void>
  /** Reactions may have gone by unseen: on this message, or on any. */
  readonly missed: (message?: string) => Promise<void>
}

/** Joins what the gateway tells to what is done about it; only this server is listened to, and never the bot itself. */
export function listen(client: Client, { guild, emoji, trouble, interaction, reaction, missed }: Hearing): void {
  const follow = (what: string, work: Promise<void>): void => void work.catch((error: unknown) => trouble(error, what))

  const reacted = async (
    { emoji: shown, message }: MessageReaction | PartialMessageReaction,
    user: User | PartialUser,
    given: boolean,
  ): Promise<void> => {
    if (message.guildId !== guild || user.id === client.user?.id) return
    const yes = sameEmoji(shown, emoji.approve)
    if (!yes && !sameEmoji(shown, emoji.deny)) return
    await reaction(refOf(message), personOf(user), yes, given)
  }

  client.on(Events.InteractionCreate, (one) => {
    if (one.guildId === guild) follow('an interaction', interaction(one))
  })
  client.on(Events.MessageReactionAdd, (one, user) => follow('a reaction', reacted(one, user, true)))
  client.on(Events.MessageReactionRemove, (one, user) => follow('a reaction', reacted(one, user, false)))
  client.on(Events.MessageReactionRemoveAll, ({ id }) => follow('reactions', missed(id)))
  client.on(Events.MessageReactionRemoveEmoji, ({ message }) => follow('reactions', missed(message.id)))
  // Another session, as opposed to the first and to one that was resumed: whatever came in between was not told.
  client.once(Events.ClientReady, () => client.on(Events.ShardReady, () => follow('reactions', missed())))
}

const refOf = ({ channelId, id }: Message | PartialMessage): MessageRef => ({
  adapter: 'discord',
  channel: channelId,
  message: id,
  thread: null,
})

/** Reactions that are taken back come with an id only. Whoever cannot be looked up is known by that: never fails. */
async function personOf(user: User | PartialUser): Promise<Actor> {
  const full = user.partial ? await user.fetch().catch(() => null) : user
  if (!full) return { id: `discord:${user.id}`, name: user.id, bot: false }
  return actorOf({ id: full.id, username: full.username, global_name: full.globalName, bot: full.bot })
}
