import { access, constants } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { Offer } from '../adapters/discord/index.ts'
import { SlackOffer } from '../adapters/slack/index.ts'
import { createAudit } from './audit.ts'
import { Change } from './changes/change.ts'
import { Freeze } from './changes/freeze.ts'
import { CardRecord } from './chat/card-record.ts'
import type { Config } from './config.ts'
import { VisitRecord } from './diagnosis/visit.ts'
import { WatchRecord } from './fleet/watch-record.ts'
import type { Log } from './log.ts'
import type { Transport } from './ssh/transport.ts'
import type { Audit } from './store/audit-port.ts'
import { createHistory, type History } from './store/history.ts'
import { createLowdbStore } from './store/lowdb-store.ts'
import { createPgAudit } from './store/postgres/audit.ts'
import { openDatabase } from './store/postgres/database.ts'
import { createPgHistory } from './store/postgres/history.ts'
import { lead } from './store/postgres/leadership.ts'
import { createPgStore } from './store/postgres/record-store.ts'
import { createSharedLooks } from './store/postgres/shared-looks.ts'
import type { RecordStore, Stored } from './store/record-store.ts'

/** Everything that survives, and who may work on it. */
export interface Storage {
  readonly changes: RecordStore<Change>
  readonly cards: RecordStore<CardRecord>
  readonly freezes: RecordStore<Freeze>
  readonly visits: RecordStore<VisitRecord>
  readonly watched: RecordStore<WatchRecord>
  readonly slackOffers: RecordStore<SlackOffer>
  readonly discordOffers: RecordStore<Offer>
  readonly history: History<Change>
  readonly audit: Audit
  /** Throws when nothing can be stored. */
  tryOut(): Promise<void>
  /** Waits until this bot is the one that works; false when `stop` came first. `onLost`: it has to stop at once. */
  lead(stop: AbortSignal, onLost: (why: Error) => void): Promise<boolean>
  /** The way for looks at many nodes: shared out among the bots where there are several. */
  share(transport: Transport): Promise<Transport>
  close(): Promise<void>
}

/** Opens what survives: files in the data folder, or the database where DATABASE_URL names one. */
export const openStorage = (config: Config, log: Log, now: () => Date): Promise<Storage> =>
  config.databaseUrl === null ? inFolder(config, log, now) : inDatabase(config.databaseUrl, log, now)

async function inFolder({ data }: Config, log: Log, now: () => Date): Promise<Storage> {
  const file = (name: string) => join(data, name)
  const store = <T extends Stored>(name: string, schema: z.ZodType<T>) => createLowdbStore(file(`${name}.json`), schema)
  return {
    changes: await store('changes', Change),
    cards: await store('cards', CardRecord),
    freezes: await store('freeze', Freeze),
    visits: await store('visits', VisitRecord),
    watched: await store('watch', WatchRecord),
    slackOffers: await store('slack-offers', SlackOffer),
    discordOffers: await store('discord-offers', Offer),
    history: createHistory(file('history.jsonl'), Change, (says) => log.warn({}, says)),
    audit: createAudit(file('audit.jsonl'), { now }),
    tryOut: () => access(data, constants.R_OK | constants.W_OK),
    // The lock on the data folder has seen to it.
    lead: async () => true,
    share: async (transport) => transport,
    close: async () => undefined,
  }
}

async function inDatabase(url: string, log: Log, now: () => Date): Promise<Storage> {
  const database = await openDatabase(url)
  const store = <T extends Stored>(name: string, schema: z.ZodType<T>) => createPgStore(database, name, schema)
  const ends: (() => Promise<void>)[] = []
  return {
    changes: createPgStore(database, 'changes', Change, {
      holds: ({ state, plan }) => (state === 'closed' ? null : plan.node),
    }),
    cards: store('cards', CardRecord),
    freezes: store('freeze', Freeze),
    visits: store('visits', VisitRecord),
    watched: store('watch', WatchRecord),
    slackOffers: store('slack-offers', SlackOffer),
    discordOffers: store('discord-offers', Offer),
    history: createPgHistory(database, Change, (says) => log.warn({}, says)),
    audit: createPgAudit(database, { now }),
    tryOut: async () => void (await database.read('SELECT 1')),
    async lead(stop, onLost) {
      const lease = await lead({ url, name: `process ${process.pid} on ${hostname()}`, stop, log, onLost })
      if (!lease) return false
      database.fence(lease.epoch)
      ends.push(lease.release)
      return true
    },
    async share(transport) {
      const shared = await createSharedLooks({ url, database, transport, log })
      ends.push(shared.close)
      return shared
    },
    async close() {
      for (const end of ends.reverse()) await end()
      await database.close()
    },
  }
}
