import type { z } from 'zod'
import type { History } from '../history.ts'
import type { Database } from './database.ts'

const PAGE = 100

/** What has ended, in the database: an entry by its id, once. Rows that do not fit are stepped over and told to `report`. */
export const createPgHistory = <T extends { readonly id: string }>(
  database: Database,
  schema: z.ZodType<T>,
  report: (says: string) => void,
): History<T> => ({
  append: (entry) =>
    database.change(async (client) => {
      const data = JSON.stringify(schema.parse(entry))
      await client.query('INSERT INTO lanekeeper.history (id, data) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [
        entry.id,
        data,
      ])
    }),
  async last(most, keep = () => true) {
    const entries: T[] = []
    for (let before: string | null = null; entries.length < most; ) {
      const rows: readonly { seq: string; data: unknown }[] = await database.read(
        'SELECT seq, data FROM lanekeeper.history WHERE $1::bigint IS NULL OR seq < $1::bigint ORDER BY seq DESC LIMIT $2',
        [before, PAGE],
      )
      for (const { seq, data } of rows) {
        const checked = schema.safeParse(data)
        if (!checked.success) report(`lanekeeper.history, row ${seq}: it cannot be read and is left out`)
        else if (keep(checked.data) && entries.length < most) entries.push(checked.data)
      }
      if (rows.length < PAGE) break
      before = rows.at(-1)?.seq ?? null
    }
    return entries
  },
})
