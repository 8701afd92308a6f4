import { join } from 'node:path'
import { createSlackAdapter, SlackOffer, type SlackOptions } from '../../../adapters/slack/index.ts'
import type { Policy } from '../../../src/changes/policy.ts'
import { CardRecord } from '../../../src/chat/card-record.ts'
import { createLowdbStore } from '../../../src/store/lowdb-store.ts'
import type { Bench } from '../../journeys/bench.ts'
import { startWholeBot } from '../whole-bot.ts'
import type { Workspace } from './workspace.ts'

interface Parts {
  readonly workspace: Workspace
  readonly bench: Bench
  /** Where the bot keeps its cards and offers; changes are kept by the bench. */
  readonly data: string
  readonly rules?: Partial<Policy>
  readonly options?: Partial<SlackOptions>
}

/** The whole bot on Slack around simulated nodes; what it keeps outlives it. */
export async function startBot({ workspace, bench, data, rules = {}, options }: Parts) {
  const logged: unknown[] = []
  const note = (about: object, words: string) => void logged.push({ ...about, words })
  const log = { info: () => undefined, warn: note, error: note }
  const offers = await createLowdbStore(join(data, 'slack-offers.json'), SlackOffer)
  const chat = createSlackAdapter(workspace.options({ offers, log, ...options }))
  const bot = await startWholeBot({
    engine: bench.engine,
    chats: [chat],
    cards: await createLowdbStore(join(data, 'cards.json'), CardRecord),
    incidentChannels: [{ adapter: chat.name, channel: 'incidents' }],
    rules,
  })
  return { ...bot, logged }
}
