import { join } from 'node:path'
import { createSlackAdapter, SlackOffer, type SlackOptions } from '../../../adapters/slack/index.ts'
import { commands } from '../../../commands/index.ts'
import type { Policy } from '../../../src/changes/policy.ts'
import { CardRecord } from '../../../src/chat/card-record.ts'
import { createNotifier } from '../../../src/chat/notifier.ts'
import { createRouter } from '../../../src/chat/router.ts'
import { createLowdbStore } from '../../../src/store/lowdb-store.ts'
import { policy } from '../../changes/a-change.ts'
import { type Bench, quick } from '../../journeys/bench.ts'
import type { Workspace } from './workspace.ts'

interface Parts {
  readonly workspace: Workspace
  readonly bench: Bench
  /** Where the bot keeps its cards and offers; changes are kept by the bench. */
  readonly data: string
  readonly rules?: Partial<Policy>
  readonly options?: Partial<SlackOptions>
}

/** The whole bot on Slack, joined as main.ts joins it, around simulated nodes. */
export async function startBot({ workspace, bench, data, rules, options }: Parts) {
  const trouble: unknown[] = []
  const note = (about: object, words: string) => void trouble.push({ ...about, words })
  const log = { info: () => undefined, warn: note, error: note }
  const offers = await createLowdbStore(join(data, 'slack-offers.json'), SlackOffer)
  const chat = createSlackAdapter(workspace.options({ offers, log, ...options }))
  const notifier = createNotifier({
    adapters: [chat],
    cards: await createLowdbStore(join(data, 'cards.json'), CardRecord),
    incidentChannels: [{ adapter: chat.name, channel: 'incidents' }],
    policy: policy({ ...quick, ...rules }),
    log,
  })
  const { core, runner } = await bench.engine({ tell: notifier })
  const router = createRouter({ core, commands, notifier, log })
  await chat.start(router.receive(chat))
  await notifier.resume([...(await core.live()), ...(await core.history(20))])
  await runner.resume()
  return {
    core,
    trouble,
    idle: () => router.idle(),
    stop: async () => {
      await runner.stop()
      await notifier.stop()
      await chat.stop()
    },
  }
}
