import { z } from 'zod'
import type { ChainVerdict } from './chain.ts'

/** Who did what, to which node, in which change. `detail` is JSON. */
export const AuditEntry = z.object({
  actor: z.string(),
  act: z.string(),
  node: z.string().optional(),
  change: z.string().optional(),
  detail: z.unknown().optional(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

/** An entry as it was written: its number in the chain, and when. */
export const AuditLine = AuditEntry.extend({ n: z.int(), at: z.string() })
export type AuditLine = z.infer<typeof AuditLine>

export interface Audit {
  /** On the disk when it resolves. No line, no act: whoever acts waits for this, and does not act when it throws. */
  append(entry: AuditEntry): Promise<void>
  /** The last lines, newest first. Throws `audit-broken` at one that was changed since it was written. */
  last(most: number): Promise<readonly AuditLine[]>
  /** Reads everything and says where the chain breaks first. */
  verify(): Promise<ChainVerdict>
}
