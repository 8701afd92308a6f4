import { z } from 'zod'
import { createAudit } from '../../src/audit.ts'
import { createHistory } from '../../src/store/history.ts'
import { createLowdbStore } from '../../src/store/lowdb-store.ts'

/** Writes without end and prints the number of each thing that is confirmed, for tests that kill it. */
const [kind = '', file = ''] = process.argv.slice(2)
const confirm = (n: number) => process.stdout.write(`${n}\n`)

const lowdb = async () => {
  const Note = z.strictObject({ id: z.string(), version: z.int(), says: z.string(), tags: z.array(z.string()) })
  const store = await createLowdbStore(file, Note)
  for (let n = ((await store.get('c1'))?.version ?? 0) + 1; ; n++) {
    await store.put({ id: 'c1', version: n, says: 'x'.repeat(5000), tags: [] })
    confirm(n)
  }
}

const audit = async () => {
  const log = createAudit(file, { now: () => new Date() })
  const found = await log.verify()
  for (let n = found.ok ? found.lines : found.line - 1; ; ) {
    await log.append({ actor: 'test', act: 'write', detail: 'x'.repeat(5000) })
    confirm(++n)
  }
}

const history = async () => {
  const log = createHistory(file, z.object({ n: z.number(), text: z.string() }), () => undefined)
  for (let n = ((await log.last(1))[0]?.n ?? 0) + 1; ; n++) {
    await log.append({ n, text: 'x'.repeat(5000) })
    confirm(n)
  }
}

const writers: Record<string, () => Promise<never>> = { lowdb, audit, history }
await writers[kind]?.()
