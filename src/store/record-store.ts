import { z } from 'zod'
import { OperatorError } from '../errors.ts'

/** What every stored record has. A record's first version is 0 or 1, every later one the next. */
export interface Stored {
  readonly id: string
  readonly version: number
}

/** Live records by id. What is put and what is given back are copies; readers only see what is durable. */
export interface RecordStore<T extends Stored> {
  get(id: string): Promise<T | undefined>
  /** Durable when it resolves. Refuses (`store-invalid`) a version that is not the next one, and what the schema does not know. */
  put(record: T): Promise<void>
  list(): Promise<readonly T[]>
  remove(id: string): Promise<void>
}

/** The records with this one in its place, or an `OperatorError` that says why it cannot be there. */
export const withRecord = <T extends Stored>(records: readonly T[], record: T, schema: z.ZodType<T>): readonly T[] => {
  const last = records.find(({ id }) => id === record.id)
  const isNext = last ? record.version === last.version + 1 : record.version === 0 || record.version === 1
  if (!isNext) {
    const says = `${record.id}: version ${record.version} cannot follow ${last ? `version ${last.version}` : 'nothing'}`
    const hint = 'Somebody else has changed the record meanwhile, or it was removed: read it again.'
    throw new OperatorError('store-invalid', says, { hint })
  }
  // through JSON, so that what is kept is exactly what a restart will read
  const checked = schema.safeParse(JSON.parse(JSON.stringify(record)))
  if (!checked.success)
    throw new OperatorError('store-invalid', `${record.id} was not stored: ${words(checked.error)}`, {
      cause: checked.error,
    })
  return last ? records.map((each) => (each === last ? checked.data : each)) : [...records, checked.data]
}

/** What a schema has against a value, with the path to it. */
export const words = (error: z.ZodError): string => z.prettifyError(error).replace(/\s*\n\s*/g, ' ')
