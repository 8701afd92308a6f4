import { z } from 'zod'

/** What of a node has been dealt with: its id is the node's name. A restart goes on from there. */
export const WatchRecord = z.object({
  id: z.string(),
  version: z.number().int(),
  bootId: z.string(),
  /** When it was first watched, by its clock, in seconds since 1970: what failed before is old news. */
  since: z.number().int(),
  /** Failed starts that were told, by the id of their task, the newest last. */
  told: z.array(z.string()),
})
export type WatchRecord = z.infer<typeof WatchRecord>

/** Where that is kept. */
export interface WatchStore {
  get(id: string): Promise<WatchRecord | undefined>
  put(record: WatchRecord): Promise<void>
}
