import { describe, expect, test } from 'vitest'
import { checkDatabase } from '../../../src/cli/doctor/database.ts'
import { openDatabase } from '../../../src/store/postgres/database.ts'
import { lead } from '../../../src/store/postgres/leadership.ts'
import { missing, postgresForAll } from './server.ts'

describe.skipIf(missing !== null)('doctor looks at the database', { timeout: 30_000 }, () => {
  const { postgres } = postgresForAll()

  test('and says who leads', async () => {
    const url = await postgres().fresh()
    expect(await checkDatabase(url)).toMatchObject([
      { ok: true, says: expect.stringContaining('no bot leads at present') },
    ])
    await (await openDatabase(url)).close()
    const log = { info: () => undefined, warn: () => undefined }
    const name = `process 1 on ${'a-very-long-host-name-'.repeat(4)}`
    const lease = await lead({ url, name, stop: new AbortController().signal, log, onLost: () => undefined })
    expect(await checkDatabase(url)).toMatchObject([{ ok: true, says: expect.stringContaining(`${name} leads`) }])
    await lease?.release()
    await expect.poll(() => checkDatabase(url)).toMatchObject([{ says: expect.stringContaining('no bot leads') }])
  })

  test('and says what to do where it cannot be reached; without one there is nothing to say', async () => {
    const [check] = await checkDatabase('postgres://bot:s3cret-word@127.0.0.1:1/x')
    expect(check).toMatchObject({ ok: false, hint: expect.stringContaining('DATABASE_URL') })
    expect(JSON.stringify(check)).not.toContain('s3cret-word')
    expect(await checkDatabase(null)).toEqual([])
  })
})
