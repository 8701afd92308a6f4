import type { z } from 'zod'
import { type RecordStore, type Stored, withRecord } from './record-store.ts'

/** A store that a restart forgets: for tests and demonstrations. */
export const createMemoryStore = <T extends Stored>(schema: z.ZodType<T>): RecordStore<T> => {
  let records: readonly T[] = []
  return {
    get: async (id) => structuredClone(records.find((record) => record.id === id)),
    list: async () => structuredClone(records),
    async put(record) {
      records = withRecord(records, record, schema)
    },
    async remove(id) {
      records = records.filter((record) => record.id !== id)
    },
  }
}
