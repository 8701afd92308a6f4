import type { Interaction } from 'discord.js'
import type { Card } from '../../src/cards/card.ts'
import { REACTIONS, type Reactions } from '../../src/cards/reactions.ts'
import type { Actor, MessageRef } from '../../src/changes/change.ts'
import type { ChatAdapter, Incoming } from '../../src/chat/adapter.ts'
import type { RecordStore } from '../../src/chat/card-record.ts'
import { hintOf, OperatorError, wordsOf } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import { noOfferCard, tooEarlyCard, tooLongCard } from '../ballot-words.ts'
import { fileName } from '../file-name.ts'
import { createAsked } from './asked.ts'
import { autocomplete, type World } from './autocomplete.ts'
import { calledBy, NOBODY } from './called.ts'
import { createConnection } from './connection.ts'
import { lineOf, SLASH } from './declaration.ts'
import { plain } from './escape.ts'
import { createDeafRoles, createGroups } from './groups.ts'
import { LIMITS } from './limits.ts'
import { listen } from './listen.ts'
import { createMessages, rootOf } from './messages.ts'
import { type Offer, rememberedOffers } from './offer.ts'
import { actorOf, userId } from './people.ts'
import { createReactions } from './reactions.ts'
import { register } from './register.ts'
import { render } from './render.ts'
import { createSeen } from './seen.ts'

export { checkDiscord, type DiscordCheckOptions } from './check.ts'
export { INTENTS, inviteLink, PERMISSIONS } from './invite.ts'
export { Offer } from './offer.ts'

export interface DiscordOptions extends World {
  readonly token: string
  /** The id of the one server whose people are listened to. */
  readonly guild: string
  readonly reactions?: Reactions
  /** Which messages wait for reactions, kept over restarts; without it, what happens while the bot is down goes unseen. */
  readonly offers?: RecordStore<Offer>
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  /** For tests: where Discord's REST API is, and the time. */
  readonly api?: string
  readonly now?: () => number
}

const NAME = 'discord'

/** Discord as a chat: slash commands, cards edited by the bot's token, a thread per incident, reactions that decide. */
export function createDiscordAdapter(options: DiscordOptions): ChatAdapter {
  const { guild, commands, log, offers = rememberedOffers(), now = Date.now } = options
  const { reactions: signs = REACTIONS } = options
  const emoji = { approve: signs.yes, deny: signs.no }
  const connection = createConnection(options)
  const messages = createMessages(connection)
  const asked = createAsked(log, now)
  const seen = createSeen(options.nodes)
  const toldOnce = new Set<string>()
  const tellOfDeaf = createDeafRoles(connection, guild, log)
  let receive: (incoming: Incoming) => Promise<void> = async () => undefined

  const reactions = createReactions({
    connection,
    offers,
    emoji,
    log,
    receive: (incoming) => receive(incoming),
    async turnDown(by, { channel, change }, because) {
      await whisper(by, channel, because === 'too long' ? tooLongCard(change, signs) : tooEarlyCard())
    },
    async noOffer({ channel, change }, error) {
      const hint = hintOf(error)
      log.warn({ channel, because: wordsOf(error), hint }, 'Discord: the reactions could not be offered')
      if (toldOnce.has(channel)) return
      toldOnce.add(channel)
      await messages.send(channel, render(noOfferCard(change, hint, signs)))
    },
  })

  async function whisper(to: Actor, channel: string, card: Card): Promise<void> {
    const [user, rendered] = [userId(to), render(card)]
    if (user === undefined) throw new OperatorError('not-found', `${to.name} (${to.id}) is nobody on Discord`)
    if (await asked.tell(user, channel, rendered)) return
    if (!(await messages.sendDirect(user, rendered))) await messages.send(channel, render(card, calledBy([to.id])))
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
      const rendered = render(card, calledBy(card.calls), signs)
      tellOfDeaf(rendered.called.roles)
      const inThread = thread ? await messages.sendInThread(thread, card.title, rendered) : null
      const message = inThread ?? (await messages.send(channel, rendered, thread?.message))
      const at: MessageRef = { adapter: NAME, channel, message, thread: inThread && thread ? rootOf(thread) : null }
      seen.shown(message, card.title)
      await reactions.posted(at, card, rendered.whole)
      if (!thread) void asked.pointTo(guild, channel, message)
      return at
    },
    edit(at, card) {
      seen.note(card)
      seen.shown(at.message, card.title)
      const rendered = render(card, NOBODY, signs)
      return reactions.edited(at, card, rendered.whole, () =>
        messages.edit(at.thread ?? at.channel, at.message, rendered),
      )
    },
    hearOut: reactions.hearOut,
    async attach(to, { name, type, content }) {
      const file = { name: fileName(name), data: Buffer.from(content), type }
      if (file.data.length > LIMITS.fileBytes)
        throw new OperatorError('size-limit', `Discord takes no file of ${file.data.length} bytes: ${file.name}`)
      const rendered = { content: plain(file.name), embeds: [], file, whole: true, called: NOBODY }
      const sent = await messages.sendInThread(to, seen.title(rootOf(to)) ?? file.name, rendered)
      if (sent === null) await messages.send(to.channel, rendered, to.message)
    },
    groupsOf: createGroups(connection, guild),
    whisper,
    connected: connection.connected,
    async stop() {
      receive = async () => undefined
      await reactions.stop()
      await connection.close()
    },
  }
}
