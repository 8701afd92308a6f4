import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { OperatorError } from '../../../src/errors.ts'
import type { Transport } from '../../../src/ssh/transport.ts'
import { type Database, openDatabase } from '../../../src/store/postgres/database.ts'
import { createSharedLooks } from '../../../src/store/postgres/shared-looks.ts'
import { missing, postgresForAll } from './server.ts'

const limits = { timeoutMs: 5000, maxBytes: 1 << 20 }
const quiet = { warn: () => undefined }

describe.skipIf(missing !== null)('looks that are shared out among bots', { timeout: 60_000 }, () => {
  const { postgres, ends } = postgresForAll()

  const bot = async (url: string, run: Transport['run']): Promise<Transport> => {
    const database: Database = await openDatabase(url)
    const transport = { run, close: async () => undefined }
    const shared = await createSharedLooks({ url, database, transport, log: quiet })
    ends.push(
      () => database.close(),
      () => shared.close(),
    )
    return shared
  }

  test('every bot does some, each once, and the answers come back to who asked, byte for byte', async () => {
    const url = await postgres().fresh()
    const did: string[][] = [[], []]
    const working =
      (which: number): Transport['run'] =>
      async (node) => {
        did[which]?.push(node)
        await sleep(100)
        return { stdout: Buffer.from(`\0\xff${node}`, 'latin1'), stderr: 'beside', code: 3 }
      }
    const one = await bot(url, working(0))
    await bot(url, working(1))
    const nodes = Array.from({ length: 120 }, (_, n) => `node${n}`)
    const answers = await Promise.all(nodes.map((node) => one.run(node, 'script', limits)))
    expect(answers.map(({ stdout }) => stdout.toString('latin1'))).toEqual(nodes.map((node) => `\0\xff${node}`))
    expect(answers[0]).toMatchObject({ stderr: 'beside', code: 3 })
    expect(did.flat().toSorted()).toEqual(nodes.toSorted())
    expect(did.map((all) => all.length > 0)).toEqual([true, true])
  })

  test('an error arrives as what it was', async () => {
    const url = await postgres().fresh()
    const only = await bot(url, () => {
      throw new OperatorError('host-key-changed', 'another key', { hint: 'look into it' })
    })
    await expect(only.run('node1', 'script', limits)).rejects.toMatchObject({
      code: 'host-key-changed',
      hint: 'look into it',
    })
  })
})
