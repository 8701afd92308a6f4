import pRetry from 'p-retry'
import pg from 'pg'
import { OperatorError, wordsOf } from '../../errors.ts'
import { SCHEMA } from './schema.ts'

export type Client = Pick<pg.ClientBase, 'query'>

/** The one database of several bots. What is asked waits while the server is away, and fails with `store-unreachable` when it stays away. */
export interface Database {
  read<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly R[]>
  /**
   * One transaction. It may be run again when the connection is lost while it is being committed: `act` has to bear that. Refused
   * (`store-locked`) once another bot leads.
   */
  change<T>(act: (client: Client) => Promise<T>): Promise<T>
  /** From now on this bot changes things only as long as the database knows it as the leader of this number. */
  fence(epoch: number): void
  close(): Promise<void>
}

/** How a server that is away is asked again, in milliseconds. */
const AGAIN = { retries: Number.POSITIVE_INFINITY, minTimeout: 100, factor: 2, maxTimeout: 2000 }
const PATIENCE_MS = 60_000
/** How long a connection and an answer may take, in milliseconds, before there is taken to be nobody at the other end. */
export const CONNECT_MS = 10_000
export const ANSWER_MS = 20_000

/**
 * Opens the database and makes what is not there yet. `patienceMs`: how long a server that is away is waited for; `answerMs`: how long
 * either side waits for the other within a transaction before it takes the connection for dead.
 */
export async function openDatabase(
  url: string,
  { patienceMs = PATIENCE_MS, answerMs = ANSWER_MS } = {},
): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: answerMs,
    idle_in_transaction_session_timeout: answerMs,
    application_name: 'lanekeeper',
    allowExitOnIdle: true,
  })
  // A connection that dies is told of by the next question to it, and replaced by the pool. Without a listener of its own, one that
  // dies in a transaction while nothing is asked would end the process (node-postgres, "Pool": a client that is checked out).
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  let epoch: number | undefined

  const patiently = <T>(act: () => Promise<T>): Promise<T> =>
    pRetry(act, { ...AGAIN, maxRetryTime: patienceMs, shouldRetry: ({ error }) => isAway(error) }).catch((error) => {
      throw isAway(error) ? unreachable(error) : error
    })

  const inTransaction = async <T>(act: (client: Client) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      if (epoch !== undefined) await stillLeads(client, epoch)
      const done = await act(client)
      await client.query('COMMIT')
      client.release()
      return done
    } catch (error) {
      if (isAway(error)) client.release(true)
      else
        await client.query('ROLLBACK').then(
          () => client.release(),
          () => client.release(true),
        )
      throw error
    }
  }

  await patiently(() => pool.query(SCHEMA))
  return {
    read: (text, values = []) => patiently(async () => (await pool.query(text, [...values])).rows),
    change: (act) => patiently(() => inTransaction(act)),
    fence(number) {
      epoch = number
    },
    close: () => pool.end(),
  }
}

async function stillLeads(client: Client, epoch: number): Promise<void> {
  const { rows } = await client.query('SELECT epoch, name FROM lanekeeper.leader WHERE id FOR SHARE')
  const [{ epoch: now, name } = { epoch: -1, name: 'nobody' }] = rows
  if (Number(now) === epoch) return
  throw new OperatorError('store-locked', `another bot has taken over: ${name}`, {
    hint: 'this one stops; start it again, and it stands by',
  })
}

/**
 * Whether an error says that the server cannot be reached, is on its way down or up, or has given up a connection that was silent for
 * too long (PostgreSQL, "Error Codes").
 */
export function isAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return (
    /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENOENT|E(HOST|NET)(UNREACH|DOWN))$/.test(
      code,
    ) ||
    /^(08\w{3}|57P0[1235]|25P03|53300)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/.test(
      wordsOf(error),
    )
  )
}

const unreachable = (error: unknown): OperatorError =>
  new OperatorError('store-unreachable', `the database cannot be reached: ${wordsOf(error) || 'no answer'}`, {
    hint: 'check DATABASE_URL and the PostgreSQL server; nothing is changed on any node meanwhile',
    cause: error,
  })
