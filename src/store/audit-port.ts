import type { ChainVerdict } from './chain.ts'

/** Who did what, to which node, in which change. `detail` is JSON. */
export interface AuditEntry {
  readonly actor: string
  readonly act: string
  readonly node?: string
  readonly change?: string
  readonly detail?: unknown
}

export interface Audit {
  /** On the disk when it resolves. No line, no act: whoever acts waits for this, and does not act when it throws. */
  append(entry: AuditEntry): Promise<void>
  /** Reads everything and says where the chain breaks first. */
  verify(): Promise<ChainVerdict>
}
