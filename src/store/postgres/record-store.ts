import type { z } from 'zod'
import { OperatorError } from '../../errors.ts'
import { createQueue } from '../queue.ts'
import { type RecordStore, type Stored, withRecord, words } from '../record-store.ts'
import type { Client, Database } from './database.ts'

interface Row {
  readonly data: unknown
  readonly version: number
}

interface Options<T> {
  /** What a record has for itself alone in its collection; null = nothing. */
  readonly holds?: (record: T) => string | null
}

/** One collection in the database. A second record that holds the same is refused by the database itself (`store-invalid`). */
export const createPgStore = <T extends Stored>(
  database: Database,
  collection: string,
  schema: z.ZodType<T>,
  { holds = () => null }: Options<T> = {},
): RecordStore<T> => {
  const read = ({ data }: Row): T => {
    const checked = schema.safeParse(data)
    if (checked.success) return checked.data
    const hint = 'The row was left as it is. Correct it, or delete it from lanekeeper.records.'
    throw new OperatorError('store-invalid', `${collection}: ${words(checked.error)}`, { hint, cause: checked.error })
  }
  // What one bot puts is there in the order in which it was put.
  const queue = createQueue()
  return {
    async get(id) {
      const [row] = await database.read<Row>(
        'SELECT data, version FROM lanekeeper.records WHERE collection = $1 AND id = $2',
        [collection, id],
      )
      return row && read(row)
    },
    async list() {
      const rows = await database.read<Row>(
        'SELECT data, version FROM lanekeeper.records WHERE collection = $1 ORDER BY seq',
        [collection],
      )
      return rows.map(read)
    },
    async put(given) {
      const record = structuredClone(given)
      let written: string | undefined
      const write = async (client: Client): Promise<void> => {
        // Two that put the same new record at once: one after the other.
        await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${collection} ${record.id}`])
        const { rows } = await client.query<Row>(
          'SELECT data, version FROM lanekeeper.records WHERE collection = $1 AND id = $2',
          [collection, record.id],
        )
        const [last] = rows
        // Committed, and the answer was lost with the connection.
        if (written !== undefined && JSON.stringify(last?.data) === written) return
        const [checked] = withRecord(last ? [read(last)] : [], record, schema)
        written = JSON.stringify(checked)
        await client
          .query(
            `INSERT INTO lanekeeper.records (collection, id, version, holds, data) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (collection, id) DO UPDATE SET version = excluded.version, holds = excluded.holds, data = excluded.data`,
            [collection, record.id, record.version, checked ? holds(checked) : null, written],
          )
          .catch((error: unknown) => {
            throw isTaken(error) ? taken(collection, record.id, holds(record)) : error
          })
      }
      await queue(() => database.change(write))
    },
    remove: (id) =>
      database.change(async (client) => {
        await client.query('DELETE FROM lanekeeper.records WHERE collection = $1 AND id = $2', [collection, id])
      }),
  }
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '23505'

const taken = (collection: string, id: string, held: string | null): OperatorError =>
  new OperatorError('store-invalid', `${id} was not stored: another of the ${collection} holds ${held}`, {
    hint: 'Wait until that one is over, or take it back.',
  })
