import { join } from 'node:path'
import { createAudit } from '../audit.ts'
import type { Config } from '../config.ts'
import { createPgAudit } from '../store/postgres/audit.ts'
import { openDatabase } from '../store/postgres/database.ts'

/** Follows the audit trail from its start, and says whether its chain is unbroken, or where it breaks first. */
export async function auditIsWhole(
  { databaseUrl, data }: Config,
  now: () => Date,
  say: (line: string) => void,
): Promise<boolean> {
  const where = databaseUrl === null ? join(data, 'audit.jsonl') : 'lanekeeper.audit'
  const audit =
    databaseUrl === null ? createAudit(where, { now }) : createPgAudit(await openDatabase(databaseUrl), { now })
  const verdict = await audit.verify()
  say(
    verdict.ok
      ? `${where}: ${verdict.lines} lines, unbroken`
      : `${where}: broken at line ${verdict.line}: ${verdict.why}`,
  )
  return verdict.ok
}
