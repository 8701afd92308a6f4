import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { wordsOf } from '../../errors.ts'
import { ANSWER_MS, CONNECT_MS } from './database.ts'

/** The number of the advisory lock that the leader's session holds. */
const LOCK = 7203942
const AGAIN_MS = 500
const GOODBYE_MS = 1000

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
  /** A session that holds the lock, and what it found out about the leader; whatever fails on the way is tried again. */
  const session = async (found: (client: pg.Client) => Promise<Leader>) => {
    let told = ''
    const tell = (words: string, about: object, level: 'info' | 'warn') => {
      if (told !== words) log[level](about, words)
      told = words
    }
    while (!stop.aborted) {
      const client = leaderSession(url, name)
      try {
        await client.connect()
        const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS got', [LOCK])
        if (rows[0]?.got === true) return { client, leader: await found(client) }
        tell('another bot leads; standing by', { leader: (await leaderOf(client)).name }, 'info')
      } catch (error) {
        tell('the database cannot be asked who leads; it is tried again', { because: wordsOf(error) }, 'warn')
      }
      await close(client)
      await sleep(AGAIN_MS, undefined, { signal: stop }).catch(() => undefined)
    }
    return null
  }

  const first = await session(async (client) => {
    await client.query('UPDATE lanekeeper.leader SET epoch = epoch + 1, name = $1, since = now()', [name])
    return leaderOf(client)
  })
  if (!first) return null
  const { epoch } = first.leader
  log.info({ epoch }, 'this bot leads')
  let client = first.client
  let released = false

  const watch = (): void => {
    client.once('end', () => {
      if (released) return
      log.warn({}, 'the session with the database is lost; nothing is changed until it is back')
      void again()
    })
  }
  const again = async (): Promise<void> => {
    const next = await session(leaderOf)
    if (!next) return
    client = next.client
    if (next.leader.epoch !== epoch) return onLost(new Error(`another bot has taken over: ${next.leader.name}`))
    watch()
    log.info({}, 'the session with the database is back, and nobody took over')
  }
  watch()
  return {
    epoch,
    async release() {
      released = true
      await close(client)
    },
  }
}

/**
 * The server finds out within half a minute that a leader's machine is gone, and gives its lock to another. Without these settings it
 * waits for as long as its kernel does: two hours (PostgreSQL, tcp_keepalives_idle; Linux, tcp_keepalive_time).
 */
const KEEPALIVE = '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3'

/** A connection for the leader's lock, not opened yet. */
export function leaderSession(url: string, name: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: `lanekeeper leader ${name}`,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    options: KEEPALIVE,
  })
  // How it ends is told by its end.
  client.on('error', () => undefined)
  return client
}

/** Says goodbye, and goes after a second without an answer. */
async function close(client: pg.Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), sleep(GOODBYE_MS, undefined, { ref: false })])
  client.connection.stream.destroy()
}

interface Leader {
  readonly epoch: number
  readonly name: string
}

async function leaderOf(client: pg.Client): Promise<Leader> {
  const { rows } = await client.query('SELECT epoch, name FROM lanekeeper.leader')
  return { epoch: Number(rows[0]?.epoch), name: String(rows[0]?.name) }
}
