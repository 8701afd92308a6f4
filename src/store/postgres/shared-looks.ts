import { setTimeout as sleep } from 'node:timers/promises'
import pTimeout from 'p-timeout'
import { PgBoss } from 'pg-boss'
import { z } from 'zod'
import { type ErrorCode, hintOf, OperatorError, wordsOf } from '../../errors.ts'
import type { Output, RunLimits, Transport } from '../../ssh/transport.ts'
import type { Database } from './database.ts'

const QUEUE = 'looks'
const QUEUE_SCHEMA = 'lanekeeper_queue'
/** How many looks one bot works on at once, and the milliseconds between two looks at what has come. */
const AT_ONCE = 32
const LOOK_MS = 200
/** Milliseconds after which a look that no other bot has finished is done here: reading twice does no harm. */
const STEAL_MS = 30_000

const Asked = z.object({
  node: z.string(),
  script: z.string(),
  limits: z.object({ timeoutMs: z.number(), maxBytes: z.number() }),
})
type Asked = z.infer<typeof Asked>
const Answered = z.union([
  z.object({ stdout: z.string(), stderr: z.string(), code: z.number() }),
  z.object({ error: z.string(), words: z.string(), hint: z.string().nullable() }),
])
type Answered = z.infer<typeof Answered>

interface Parts {
  readonly url: string
  readonly database: Database
  readonly transport: Transport
  readonly log: { warn(about: object, words: string): void }
}

/** Looks at nodes that are shared out among all bots on one database. Every bot works on them, whoever asked. */
export async function createSharedLooks({ url, database, transport, log }: Parts): Promise<Transport> {
  const boss = new PgBoss({
    connectionString: url,
    schema: QUEUE_SCHEMA,
    application_name: 'lanekeeper queue',
    useListenNotify: true,
  })
  boss.on('error', (error) => log.warn({ because: wordsOf(error) }, 'the queue has trouble; it goes on'))
  await boss.start()
  await boss.createQueue(QUEUE, { notify: true, retryLimit: 0, expireInSeconds: 180, deleteAfterSeconds: 60 })
  await boss.work<Asked>(QUEUE, { localConcurrency: AT_ONCE, pollingIntervalSeconds: 1 }, async ([job]) =>
    job ? lookFor(transport, job.data) : undefined,
  )

  const waiting = new Map<string, (answer: Answered) => void>()
  const collect = async (): Promise<void> => {
    const rows = await database.read<{ id: string; output: unknown }>(
      `SELECT id, output FROM ${QUEUE_SCHEMA}.job WHERE name = $1 AND id = ANY($2::uuid[]) AND state = 'completed'`,
      [QUEUE, [...waiting.keys()]],
    )
    for (const { id, output } of rows) {
      const answer = Answered.safeParse(output)
      if (answer.success) waiting.get(id)?.(answer.data)
      waiting.delete(id)
    }
  }
  let collecting = false
  const keepCollecting = async (): Promise<void> => {
    if (collecting) return
    collecting = true
    while (waiting.size > 0) {
      await collect().catch((error) => log.warn({ because: wordsOf(error) }, 'what other bots saw could not be read'))
      await sleep(LOOK_MS)
    }
    collecting = false
  }

  return {
    async run(node, script, limits) {
      const id = await boss.send(QUEUE, { node, script, limits } satisfies Asked).catch(() => null)
      if (id === null) return transport.run(node, script, limits)
      const answered = new Promise<Answered>((resolve) => waiting.set(id, resolve))
      void keepCollecting()
      try {
        const answer = await pTimeout(answered, { milliseconds: STEAL_MS, fallback: () => null })
        return answer === null ? await transport.run(node, script, limits) : outputOf(answer)
      } finally {
        waiting.delete(id)
      }
    },
    close: () => boss.stop({ graceful: false, close: true }),
  }
}

async function lookFor(transport: Transport, data: unknown): Promise<Answered> {
  const { node, script, limits } = Asked.parse(data)
  try {
    const { stdout, stderr, code } = await transport.run(node, script, limits satisfies RunLimits)
    return { stdout: stdout.toString('base64'), stderr, code }
  } catch (error) {
    const code = error instanceof OperatorError ? error.code : 'internal'
    return { error: code, words: wordsOf(error), hint: hintOf(error) ?? null }
  }
}

function outputOf(answer: Answered): Output {
  if (!('error' in answer)) return { ...answer, stdout: Buffer.from(answer.stdout, 'base64') }
  const { error, words, hint } = answer
  if (error === 'internal') throw new Error(words)
  throw new OperatorError(error as ErrorCode, words, { ...(hint !== null && { hint }) })
}
