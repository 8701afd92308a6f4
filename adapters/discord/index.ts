import type { Interaction } from 'discord.js'
import type { Card } from '../../src/cards/card.ts'
import { noteCard } from '../../src/cards/small-cards.ts'
import type { Actor, MessageRef } from '../../src/changes/change.ts'
import type { ChatAdapter, Incoming } from '../../src/chat/adapter.ts'
import type { RecordStore } from '../../src/chat/card-record.ts'
import { OperatorError, wordsOf } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import { createAsked } from './asked.ts'
import { autocomplete, type World } from './autocomplete.ts'
import { createConnection } from './connection.ts'
import { lineOf, SLASH } from './declaration.ts'
import { listen } from './listen.ts'
import { createMessages } from './messages.ts'
import { type Offer, rememberedOffers } from './offer.ts'
import { actorOf, userId } from './people.ts'
import { createReactions } from './reactions.ts'
import { register } from './register.ts'
import { render } from './render.ts'
import { createSeen } from './seen.ts'

export { INTENTS, inviteLink, PERMISSIONS } from './invite.ts'
export { Offer } from './offer.ts'

export interface DiscordOptions extends World {
  readonly token: string
  /** The id of the one server whose people are listened to. */
  readonly guild: string
  readonly emoji?: { readonly approve: string; readonly deny: string }
  /** Which messages wait for reactions, kept over restarts; without it, what happens while the bot is down goes unseen. */
  readonly offers?: RecordStore<Offer>
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  /** For tests: where Discord's REST API is, and the time. */
  readonly api?: string
  readonly now?: () => number
}

const NAME = 'discord'
const DEFAULT_EMOJI = { approve: '✅', deny: '❌' }

/** Discord as a chat: slash commands, cards edited by the bot's token, a thread per incident, reactions that decide. */
export function createDiscordAdapter(options: DiscordOptions): ChatAdapter {
  const { guild, commands, log, emoji = DEFAULT_EMOJI, offers = rememberedOffers(), now = Date.now } = options
  const connection = createConnection(options)
  const messages = createMessages(connection)
  const asked = createAsked(log, now)
  const seen = createSeen(options.nodes)
  const toldOnce = new Set<string>()
  let receive: (incoming: Incoming) => Promise<void> = async () => undefined

  const reactions = createReactions({
    connection,
    offers,
    emoji,
    log,
    receive: (incoming) => receive(incoming),
    async turnDown(by, { channel, change }, because) {
      const says = {
        'too long': `The plan is too long for its message. Read the file there, then type /pcie approve ${change} or /pcie deny ${change}.`,
        'too early': 'You reacted before the plan was there. Read it, take your reaction back and give it again.',
      }[because]
      await whisper(by, channel, noteCard('That reaction does not count', says, 'warn'))
    },
    async noOffer({ channel, change }, error) {
      log.warn({ channel, because: wordsOf(error) }, 'Discord: the reactions could not be offered')
      if (toldOnce.has(channel)) return
      toldOnce.add(channel)
      const hint = error instanceof OperatorError ? ` ${error.hint ?? ''}.` : ''
      const says = `I cannot put the reactions on this card.${hint} React by yourself, or type /pcie approve ${change}, /pcie deny ${change}.`
      await messages.send(channel, render(noteCard('Approval', says, 'warn')))
    },
  })

  async function whisper(to: Actor, channel: string, card: Card): Promise<void> {
    const [user, rendered] = [userId(to), render(card)]
    if (user === undefined) throw new OperatorError('not-found', `${to.name} (${to.id}) is nobody on Discord`)
    if (await asked.tell(user, channel, rendered)) return
    if (!(await messages.sendDirect(user, rendered))) await messages.send(channel, rendered, { mentions: user })
  }

  const answer = async (interaction: Interaction): Promise<void> => {
    if (interaction.isAutocomplete()) return autocomplete(interaction, options, seen)
    if (!interaction.isChatInputCommand() || interaction.commandName !== SLASH) return
    const { user, channelId: channel } = interaction
    const chosen = interaction.options
    const text = lineOf(chosen.getSubcommand(), (name) => chosen.getString(name), commands)
    const by = actorOf({ id: user.id, username: user.username, global_name: user.globalName, bot: user.bot })
    await asked.ask(interaction, () => receive({ kind: 'command', text, by, channel }))
  }

  return {
    name: NAME,
    async start(listener) {
      receive = listener
      const client = await connection.open((opening) =>
        listen(opening, {
          guild,
          emoji,
          // Not the whole error: that of a request holds the token of an interaction.
          trouble: (error, what) => log.error({ because: wordsOf(error) }, `Discord: ${what} could not be dealt with`),
          interaction: answer,
          reaction: reactions.heard,
          missed: reactions.catchUp,
        }),
      )
      await register(client, guild, commands).catch(async (error: unknown) => {
        await connection.close()
        throw error
      })
      await reactions.catchUp()
    },
    async post(channel, card, { thread } = {}) {
      seen.note(card)
      const rendered = render(card)
      const inThread = thread ? await tellIn(thread, card) : null
      const message = inThread ?? (await messages.send(channel, rendered, thread ? { replyTo: thread.message } : {}))
      const at: MessageRef = { adapter: NAME, channel, message, thread: inThread && thread ? thread.message : null }
      await reactions.posted(at, card, rendered.whole)
      if (!thread) void asked.pointTo(guild, channel, message)
      return at
    },
    edit(at, card) {
      seen.note(card)
      const rendered = render(card)
      return reactions.edited(at, card, rendered.whole, () =>
        messages.edit(at.thread ?? at.channel, at.message, rendered),
      )
    },
    whisper,
    async stop() {
      receive = async () => undefined
      await reactions.stop()
      await connection.close()
    },
  }

  function tellIn(thread: MessageRef, card: Card): Promise<string | null> {
    return messages.sendInThread(thread.channel, thread.message, card.title, render(card))
  }
}
