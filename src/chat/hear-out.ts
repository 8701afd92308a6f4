import type { Change } from '../changes/change.ts'
import { hintOf, wordsOf } from '../errors.ts'
import type { ChatAdapter } from './adapter.ts'
import type { Place } from './card-record.ts'
import type { CardsKept } from './cards-kept.ts'

/**
 * Makes the question to every chat that shows a card of the change, whether people have reacted on it unheard. Over once all of
 * that is passed on; rejects where a chat cannot tell, which is said in the log once per card.
 */
export function createHearOut(
  adapters: readonly ChatAdapter[],
  kept: Pick<CardsKept, 'get'>,
  log: { warn(about: object, words: string): void },
): (change: Change) => Promise<void> {
  const told = new Set<string>()

  const ask = async ({ at }: Place): Promise<void> => {
    try {
      await adapters.find(({ name }) => name === at.adapter)?.hearOut(at)
      told.delete(at.message)
    } catch (error) {
      const about = { chat: at.adapter, channel: at.channel, because: wordsOf(error), hint: hintOf(error) }
      if (!told.has(at.message))
        log.warn(about, 'the reactions on a card could not be read, so its change does not start')
      told.add(at.message)
      throw error
    }
  }

  return async ({ id }) => {
    const places = (await kept.get(id))?.places.filter(({ kind }) => kind === 'card') ?? []
    await Promise.all(places.map(ask))
  }
}
