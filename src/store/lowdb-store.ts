import { type Adapter, Low } from 'lowdb'
import { z } from 'zod'
import { OperatorError, wordsOf } from '../errors.ts'
import { readIfThere, writeDurably } from './durable-file.ts'
import { createGroupCommit } from './group-commit.ts'
import { type RecordStore, type Stored, withRecord, words } from './record-store.ts'

/** Opens one collection in one JSON file. A file that is broken or does not fit the schema is left as it is: `store-invalid`. */
export const createLowdbStore = async <T extends Stored>(
  file: string,
  schema: z.ZodType<T>,
): Promise<RecordStore<T>> => {
  const db = new Low<readonly T[]>(durableJson(file, schema), [])
  await db.read()
  let durable = db.data
  const write = createGroupCommit<readonly T[]>(
    () => durable,
    async (next) => {
      db.data = next
      try {
        await db.write()
        durable = next
      } finally {
        db.data = durable
      }
    },
  )
  return {
    get: async (id) => structuredClone(durable.find((record) => record.id === id)),
    list: async () => structuredClone(durable),
    put: (record) => {
      const copy = structuredClone(record)
      return write((records) => withRecord(records, copy, schema))
    },
    remove: (id) =>
      write((records) =>
        records.some((record) => record.id === id) ? records.filter((record) => record.id !== id) : records,
      ),
  }
}

const durableJson = <T extends Stored>(file: string, schema: z.ZodType<T>): Adapter<readonly T[]> => ({
  async read() {
    const text = await readIfThere(file)
    return text === null ? null : parse(file, text.toString(), z.array(schema).superRefine(noTwins))
  },
  write: (records) => writeDurably(file, `${JSON.stringify(records, null, 2)}\n`),
})

const noTwins = (records: readonly Stored[], context: z.RefinementCtx) => {
  const ids = records.map(({ id }) => id)
  const twin = ids.findIndex((id, index) => ids.indexOf(id) !== index)
  if (twin >= 0) context.addIssue({ code: 'custom', path: [twin, 'id'], message: `${ids[twin]} is there twice` })
}

/** JSON text to checked data, or an `OperatorError` that names the file and the place in it. */
export const parse = <T>(file: string, text: string, schema: z.ZodType<T>): T => {
  const hint = `The file was left as it is. Correct it, put a backup in its place, or move it away to start empty.`
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw new OperatorError('store-invalid', `${file} is not JSON: ${wordsOf(error)}`, { hint, cause: error })
  }
  const checked = schema.safeParse(data)
  if (checked.success) return checked.data
  throw new OperatorError('store-invalid', `${file}: ${words(checked.error)}`, { hint, cause: checked.error })
}
