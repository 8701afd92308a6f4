import { randomUUID } from 'node:crypto'
import { OperatorError } from '../../errors.ts'
import { type Audit, AuditLine } from '../audit-port.ts'
import { breach, judgeChain, type Knot, START, seal, unseal } from '../chain.ts'
import type { Client, Database } from './database.ts'

interface Row {
  readonly n: string
  readonly line: string
}

/** The same chain of lines as in the file, one row each, with its head in a row of its own. */
export const createPgAudit = (database: Database, { now }: { now: () => Date }): Audit => ({
  append: (entry) => {
    const token = randomUUID()
    return database.change(async (client) => {
      await client.query('LOCK TABLE lanekeeper.audit_head IN EXCLUSIVE MODE')
      // Committed, and the answer was lost with the connection.
      const written = await client.query('SELECT FROM lanekeeper.audit WHERE token = $1', [token])
      if (written.rowCount !== 0) return
      const { rows } = await client.query<Row>('SELECT n, line FROM lanekeeper.audit ORDER BY n DESC LIMIT 1')
      const last = endOf(rows[0], await headOf(client))
      const { text, knot } = seal({ ...entry, at: now().toISOString() }, last)
      await client.query('INSERT INTO lanekeeper.audit (n, token, line) VALUES ($1, $2, $3)', [knot.n, token, text])
      await client.query(
        `INSERT INTO lanekeeper.audit_head (n, hash) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET n = excluded.n, hash = excluded.hash`,
        [knot.n, knot.hash],
      )
    })
  },
  async last(most) {
    const rows = await database.read<Row>('SELECT n, line FROM lanekeeper.audit ORDER BY n DESC LIMIT $1', [most])
    return rows.map(({ line: text }) => {
      const line = unseal(Buffer.from(text))
      return 'why' in line ? broken(`one of its last lines is wrong: ${line.why}`) : AuditLine.parse(line.says)
    })
  },
  verify: () =>
    database.change(async (client) => {
      await client.query('LOCK TABLE lanekeeper.audit_head IN SHARE MODE')
      const { rows } = await client.query<Row>('SELECT n, line FROM lanekeeper.audit ORDER BY n')
      const lines = rows.map(({ line }) => Buffer.from(line))
      return judgeChain(lines, Buffer.alloc(0), await headOf(client))
    }),
})

async function headOf(client: Client): Promise<Knot> {
  const { rows } = await client.query<{ n: string; hash: string }>('SELECT n, hash FROM lanekeeper.audit_head')
  return rows[0] ? { n: Number(rows[0].n), hash: rows[0].hash } : START
}

/** Where the chain goes on; throws `audit-broken` where line and head do not belong together. */
function endOf(row: Row | undefined, head: Knot): Knot {
  if (!row) return head.n === 0 ? START : broken(`it is empty, but its head knows ${head.n} lines`)
  const line = unseal(Buffer.from(row.line))
  if ('why' in line) return broken(`its last line is wrong: ${line.why}`)
  if (line.n !== head.n || line.hash !== head.hash)
    return broken(breach(line, head) ?? 'its end is not the one that its head knows')
  return { n: line.n, hash: line.hash }
}

function broken(says: string): never {
  throw new OperatorError('audit-broken', `lanekeeper.audit: ${says}`, {
    hint: 'Nothing is changed on any node while the audit is broken. Look into it; to start a new chain, move the rows of lanekeeper.audit and lanekeeper.audit_head away (keep them).',
  })
}
