import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { wordsOf } from '../../errors.ts'

/** The number of the advisory lock that the leader's session holds. */
const LOCK = 7203942
const AGAIN_MS = 500

interface Parts {
  readonly url: string
  /** How this bot is called among the others. */
  readonly name: string
  readonly stop: AbortSignal
  readonly log: { info(about: object, words: string): void; warn(about: object, words: string): void }
  /** Another bot has taken over: this one has to stop at once. */
  readonly onLost: (why: Error) => void
}

export interface Lease {
  /** One more than that of the leader before. */
  readonly epoch: number
  release(): Promise<void>
}

/**
 * Waits until this bot leads: it speaks to the platforms and carries changes out, until its session with the database ends. When only
 * the connection was lost and nobody took over meanwhile, it goes on. Null when `stop` came first.
 */
export async function lead({ url, name, stop, log, onLost }: Parts): Promise<Lease | null> {
  const session = async (): Promise<pg.Client | null> => {
    for (let told = false; !stop.aborted; ) {
      const client = new pg.Client({
        connectionString: url,
        application_name: `lanekeeper leader ${name}`,
        keepAlive: true,
      })
      client.on('error', () => undefined)
      try {
        await client.connect()
        const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS got', [LOCK])
        if (rows[0]?.got === true) return client
        if (!told) log.info({ leader: (await leaderOf(client)).name }, 'another bot leads; standing by')
        told = true
      } catch (error) {
        log.warn({ because: wordsOf(error) }, 'the database cannot be asked who leads; it is tried again')
      }
      await client.end().catch(() => undefined)
      await sleep(AGAIN_MS, undefined, { signal: stop }).catch(() => undefined)
    }
    return null
  }

  let client = await session()
  if (!client) return null
  const { rows } = await client.query(
    'UPDATE lanekeeper.leader SET epoch = epoch + 1, name = $1, since = now() RETURNING epoch',
    [name],
  )
  const epoch = Number(rows[0]?.epoch)
  log.info({ epoch }, 'this bot leads')
  let released = false

  const watch = (one: pg.Client): void => {
    one.once('end', () => {
      if (released) return
      log.warn({}, 'the session with the database is lost; nothing is changed until it is back')
      void again()
    })
  }
  const again = async (): Promise<void> => {
    const next = await session()
    if (!next) return
    const now = await leaderOf(next).catch(() => null)
    if (now?.epoch !== epoch) {
      await next.end().catch(() => undefined)
      return onLost(new Error(`another bot has taken over: ${now?.name ?? 'unknown'}`))
    }
    client = next
    watch(next)
    log.info({}, 'the session with the database is back, and nobody took over')
  }
  watch(client)
  return {
    epoch,
    async release() {
      released = true
      await client?.end().catch(() => undefined)
    },
  }
}

async function leaderOf(client: pg.Client): Promise<{ epoch: number; name: string }> {
  const { rows } = await client.query('SELECT epoch, name FROM lanekeeper.leader')
  return { epoch: Number(rows[0]?.epoch), name: String(rows[0]?.name) }
}
