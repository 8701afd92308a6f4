import { type AuthorizeResult, webApi } from '@slack/bolt'
import type { Card } from '../../src/cards/card.ts'
import { REACTIONS, type Reactions } from '../../src/cards/reactions.ts'
import type { MessageRef } from '../../src/changes/change.ts'
import type { ChatAdapter, Incoming } from '../../src/chat/adapter.ts'
import { hintOf, OperatorError, wordsOf } from '../../src/errors.ts'
import { boltLog, type SlackLog } from './bolt-log.ts'
import { createCall } from './calls.ts'
import { createChannels } from './channels.ts'
import { emojiOf } from './emoji.ts'
import { createGroups } from './groups.ts'
import { hear } from './hear.ts'
import { createHttp } from './http.ts'
import { PATIENCE_MS, REQUEST_MS, RETRIES } from './limits.ts'
import { login } from './login.ts'
import { type Offers, offerId, rememberedOffers } from './offers.ts'
import { createPeople } from './people.ts'
import { createReactions } from './reactions.ts'
import { createSay, type Said } from './say.ts'
import { createSeeds } from './seeds.ts'
import { createSocket } from './socket.ts'

export interface SlackOptions {
  readonly botToken: string
  /** Socket Mode (an app-level token, `xapp-…`), or HTTP behind a proxy that speaks TLS. */
  readonly entrance:
    | { readonly appToken: string }
    | { readonly signingSecret: string; readonly port: number; readonly host?: string }
  readonly command?: string
  readonly reactions?: Reactions
  /** What is remembered of the cards that ask; without it, reactions given while the bot is down are not read. */
  readonly offers?: Offers
  readonly log: SlackLog
  /** For tests. */
  readonly apiUrl?: string
  readonly retries?: { readonly retries: number; readonly minTimeout: number }
  readonly patienceMs?: number
}

/** Slack as a chat. What Slack refuses is an `OperatorError` that names the setting to change. */
export function createSlackAdapter(options: SlackOptions): ChatAdapter {
  const { botToken, entrance, command = '/pcie', offers = rememberedOffers(), log } = options
  const { reactions: signs = REACTIONS } = options
  const emoji = emojiOf(signs)
  const stopping = new AbortController()
  const stopped = stopping.signal
  const logger = boltLog(log)
  const clientOptions: webApi.WebClientOptions = {
    ...(options.apiUrl !== undefined && { slackApiUrl: options.apiUrl }),
    retryConfig: options.retries ?? RETRIES,
    timeout: REQUEST_MS,
    rejectRateLimitedCalls: true,
    logger,
  }
  const client = new webApi.WebClient(botToken, { ...clientOptions })
  const call = createCall(options.patienceMs ?? PATIENCE_MS, stopped)
  const people = createPeople(client, call)
  const channels = createChannels(client, call)
  const say = createSay({ client, call, channels, reactions: signs, log })
  const seed = createSeeds({ client, call, emoji, reactions: signs, post: say.post, log })
  const running = new Set<Promise<unknown>>()
  let own: AuthorizeResult = { botToken }
  let core: (incoming: Incoming) => Promise<void> = async () => undefined

  // What is refused here is not taken as passed on: it is found again at the next start.
  const receive = async (incoming: Incoming): Promise<void> => {
    stopped.throwIfAborted()
    await core(incoming)
  }
  const reactions = createReactions({
    ...{ client, call, people, channels, offers, emoji, signs, log, stopped, receive },
    ownId: () => own.botUserId ?? '',
    whisper: say.whisper,
  })
  const catchUp = async (): Promise<void> => {
    for (const { id } of await offers.list()) inBackground(reactions.catchUp(id))
  }
  const onReturn = () => inBackground(catchUp())
  const way =
    'appToken' in entrance
      ? createSocket({
          appToken: entrance.appToken,
          clientOptions: { ...clientOptions },
          logger,
          log,
          stopped,
          onReturn,
        })
      : createHttp({ host: '127.0.0.1', ...entrance, logger })
  hear({ receiver: way.receiver, logger, command, authorize: () => own, people, reactions, receive })

  const inBackground = (work: Promise<unknown>): void => {
    const done: Promise<unknown> = work
      .catch((error) => {
        if (stopped.aborted) return
        log.warn({ because: wordsOf(error), hint: hintOf(error) }, 'something in Slack was left undone')
      })
      .finally(() => running.delete(done))
    running.add(done)
  }

  /** From now on reactions on the message decide, or do not any more. Waits for no reaction that is being dealt with. */
  const settle = async (said: Said, { asks, change }: Card): Promise<void> => {
    const { channelId, at, offered } = said
    const id = offerId(channelId, at.message)
    const had = await offers.get(id)
    if (asks === undefined) {
      // Until an approved change starts, a no and what is taken back still decide.
      if (had && change?.state !== 'approved') inBackground(reactions.close(id))
      return
    }
    if (offered && !had?.whole) inBackground(seed(said, change?.id ?? ''))
    if (had) return inBackground(reactions.mark(id, offered))
    await offers.put({ id, version: 1, at, change: change?.id ?? '', shown: true, whole: offered, given: [] })
    inBackground(reactions.catchUp(id))
  }

  /** The first edit that shows a plan on this message. */
  const reveal = async (id: string, at: MessageRef, card: Card): Promise<void> => {
    const blank = { id, at, change: card.change?.id ?? '' }
    const early = await reactions.reveal(blank, async () => {
      const said = await say.edit(at, card)
      if (said.offered) inBackground(seed(said, blank.change))
      return said.offered
    })
    inBackground(reactions.turnDown(at.channel, early))
    inBackground(reactions.catchUp(id))
  }

  return {
    name: 'slack',
    async start(to) {
      core = to
      own = { botToken, ...(await login(client, call, log)) }
      await way.start()
      inBackground(catchUp())
    },
    async post(channel, card, { thread } = {}) {
      const said = await say.post(channel, card, thread)
      await settle(said, card)
      return said.at
    },
    async edit(message, card) {
      const id = offerId(await channels.id(message.channel), message.message)
      if (card.asks && !(await offers.get(id))?.shown) return reveal(id, message, card)
      await settle(await say.edit(message, card), card)
    },
    hearOut: async ({ channel, message }) => reactions.hearOut(offerId(await channels.id(channel), message)),
    attach: say.attach,
    groupsOf: createGroups(client, call),
    whisper: say.whisper,
    connected: () => way.connected(),
    async stop() {
      stopping.abort(new OperatorError('connection-lost', 'the bot stops'))
      await way.stop()
      await Promise.allSettled(running)
    },
  }
}
