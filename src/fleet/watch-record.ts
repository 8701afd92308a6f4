import { z } from 'zod'

/** How far a node's tasks have been seen: its id is the node's name. A restart goes on from there. */
export const WatchRecord = z.object({
  id: z.string(),
  version: z.number().int(),
  bootId: z.string(),
  /** End of the last failed start that was dealt with, by the node's clock, in seconds since 1970. */
  seen: z.number().int(),
})
export type WatchRecord = z.infer<typeof WatchRecord>

/** Where that is kept. */
export interface WatchStore {
  get(id: string): Promise<WatchRecord | undefined>
  put(record: WatchRecord): Promise<void>
}
