import type { webApi } from '@slack/bolt'
import type { Card } from '../../src/cards/card.ts'
import type { Reactions } from '../../src/cards/reactions.ts'
import { type ErrorCode, hintOf, OperatorError, wordsOf } from '../../src/errors.ts'
import { noOfferCard } from '../ballot-words.ts'
import { seeds } from './ballot.ts'
import type { SlackLog } from './bolt-log.ts'
import type { Call } from './calls.ts'
import type { Emoji } from './emoji.ts'
import { slackCode } from './errors.ts'
import type { Said } from './say.ts'

interface Parts {
  readonly client: webApi.WebClient
  readonly call: Call
  readonly emoji: Emoji
  readonly reactions: Reactions
  readonly post: (channel: string, card: Card) => Promise<unknown>
  readonly log: SlackLog
}

/** Trouble that passes, or that a note in the channel would not help: the card says how to react anyway. */
const PASSES: readonly ErrorCode[] = ['connection-lost', 'time-limit']

/** Offers both reactions on a message. Where the bot may not, people are told once per channel which setting to change. */
export function createSeeds({ client, call, emoji, reactions, post, log }: Parts) {
  const told = new Set<string>()

  const add = async (channel: string, timestamp: string): Promise<void> => {
    for (const name of seeds(emoji))
      await call(`reacting in ${channel}`, () => client.reactions.add({ channel, timestamp, name })).catch((error) => {
        if (slackCode(error) !== 'already_reacted') throw error
      })
  }

  return async ({ channelId, at }: Said, change: string): Promise<void> => {
    try {
      await add(channelId, at.message)
    } catch (error) {
      const hint = hintOf(error)
      const passes = error instanceof OperatorError && PASSES.includes(error.code)
      log.warn({ channel: at.channel, because: wordsOf(error), hint }, 'the reactions could not be offered')
      const gone = slackCode(error) === 'message_not_found'
      if (gone || passes || told.has(channelId)) return
      told.add(channelId)
      await post(at.channel, noOfferCard(change, hint, reactions))
    }
  }
}
