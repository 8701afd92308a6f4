import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createPgAudit } from '../../../src/store/postgres/audit.ts'
import { type Database, openDatabase } from '../../../src/store/postgres/database.ts'
import { createPgHistory } from '../../../src/store/postgres/history.ts'
import { createPgHostKeys } from '../../../src/store/postgres/host-keys.ts'
import { lead, leaderSession } from '../../../src/store/postgres/leadership.ts'
import { createPgStore } from '../../../src/store/postgres/record-store.ts'
import { FAKE_HOST_KEY } from '../../ssh/fake-server.ts'
import { proxy } from '../../ssh/proxy.ts'
import { Note, note, recordStoreContract } from '../record-store.contract.ts'
import { missing, postgresForAll } from './server.ts'

/** The first byte of a client's goodbye (PostgreSQL, "Message Formats": Terminate). */
const TERMINATE = 'X'.charCodeAt(0)

describe.skipIf(missing !== null)('a real PostgreSQL', () => {
  const { postgres, ends } = postgresForAll()
  const open = async (url?: string): Promise<Database> => {
    const database = await openDatabase(url ?? (await postgres().fresh()))
    ends.push(database.close)
    return database
  }

  recordStoreContract('the PostgreSQL store', async () => createPgStore(await open(), 'notes', Note))

  test('two bots see the same records, and of two that put the same version one wins', async () => {
    const url = await postgres().fresh()
    const [one, two] = await Promise.all([open(url), open(url)])
    const stores = [createPgStore(one, 'notes', Note), createPgStore(two, 'notes', Note)] as const
    await stores[0].put(note('c1', 1))
    expect(await stores[1].get('c1')).toEqual(note('c1', 1))
    const both = await Promise.allSettled([stores[0].put(note('c1', 2, 'a')), stores[1].put(note('c1', 2, 'b'))])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('what a record holds, no other can hold: one live change for each node', async () => {
    const store = createPgStore(await open(), 'notes', Note, { holds: ({ says }) => says || null })
    await store.put(note('c1', 1, 'node1'))
    await expect(store.put(note('c2', 1, 'node1'))).rejects.toMatchObject({
      code: 'store-invalid',
      message: expect.stringContaining('another of the notes holds node1'),
    })
    await store.put(note('c3', 1, 'node2'))
    await store.put(note('c1', 2, ''))
    await store.put(note('c2', 1, 'node1'))
  })

  test('the history gives the newest first, however many there are, and keeps an entry once', async () => {
    const Entry = z.object({ id: z.string(), n: z.number() })
    const history = createPgHistory(await open(), Entry, () => undefined)
    for (let n = 0; n < 250; n++) await history.append({ id: `c${n}`, n })
    await history.append({ id: 'c249', n: 249 })
    expect((await history.last(3)).map(({ n }) => n)).toEqual([249, 248, 247])
    expect((await history.last(2, ({ n }) => n < 10)).map(({ n }) => n)).toEqual([9, 8])
    expect(await history.last(1000)).toHaveLength(250)
  })

  test('the audit trail is one chain, whichever bot writes; a changed, removed or added line is found', async () => {
    const url = await postgres().fresh()
    const [one, two] = await Promise.all([open(url), open(url)])
    const now = () => new Date('2026-11-22T09:00:00Z')
    const audits = [createPgAudit(one, { now }), createPgAudit(two, { now })] as const
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => audits[n % 2 ? 1 : 0].append({ actor: 'ann', act: `act ${n}` })),
    )
    expect(await audits[0].verify()).toEqual({ ok: true, lines: 20 })
    const last = await audits[1].last(3)
    expect(last.map(({ n, actor, at }) => [n, actor, at])).toEqual(
      [20, 19, 18].map((n) => [n, 'ann', '2026-11-22T09:00:00.000Z']),
    )
    const spoil = async (text: string) => {
      await one.change((client) => client.query(text).then(() => undefined))
      await expect(audits[0].append({ actor: 'ann', act: 'more' })).rejects.toMatchObject({ code: 'audit-broken' })
      return audits[1].verify()
    }
    const changed = `UPDATE lanekeeper.audit SET line = replace(line, 'ann', 'bob') WHERE n = 20`
    expect(await spoil(changed)).toMatchObject({ ok: false, line: 20 })
    await expect(audits[0].last(1)).rejects.toMatchObject({ code: 'audit-broken' })
    expect(await spoil(changed)).toMatchObject({ ok: false, line: 20 })
    expect(await spoil('DELETE FROM lanekeeper.audit WHERE n = 20')).toMatchObject({ ok: false })
    expect(await spoil('DELETE FROM lanekeeper.audit')).toMatchObject({ ok: false })
  })

  test('host keys are the same for all, and only keys are kept', async () => {
    const url = await postgres().fresh()
    const [one, two] = [createPgHostKeys(() => open(url)), createPgHostKeys(() => open(url))]
    expect(await one.get('node1')).toBeNull()
    await one.pin('node1', FAKE_HOST_KEY)
    expect(await two.get('node1')).toBe(FAKE_HOST_KEY)
    await expect(one.pin('node1', 'nonsense')).rejects.toMatchObject({ code: 'store-invalid' })
  })

  test('a server that restarts loses nothing that was put, and what is put meanwhile waits for it', async () => {
    const store = createPgStore(await open(), 'notes', Note)
    await store.put(note('c1', 1))
    await postgres().crash()
    const putting = [store.put(note('c1', 2, 'meanwhile')), store.put(note('c2', 1))]
    await new Promise((resolve) => setTimeout(resolve, 500))
    await postgres().start()
    await Promise.all(putting)
    expect(await store.list()).toEqual([note('c1', 2, 'meanwhile'), note('c2', 1)])
  }, 30_000)

  test('a connection that ends in the middle of a transaction, while nothing is asked, ends no bot: it is run again', async () => {
    const database = await open()
    let runs = 0
    const done = database.change(async (client) => {
      runs += 1
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
      if (runs === 1) {
        await database.read('SELECT pg_terminate_backend($1)', [rows[0].pid])
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      return (await client.query('SELECT 7 AS seven')).rows[0].seven
    })
    expect(await done).toBe(7)
    expect(runs).toBe(2)
  })

  /** A database behind a wire that can go dead without a word. */
  const behindWire = async (url: string) => {
    const straight = new URL(url)
    const { port, darken } = await proxy(Number(straight.port))
    straight.port = String(port)
    const database = await openDatabase(straight.href, { answerMs: 500 })
    ends.push(database.close)
    return { database, darken }
  }

  test('a connection that goes dead without a word is given up, and what was asked is asked again', async () => {
    const { database, darken } = await behindWire(await postgres().fresh())
    const store = createPgStore(database, 'notes', Note)
    await store.put(note('c1', 1))
    darken()
    await store.put(note('c1', 2, 'meanwhile'))
    darken()
    expect(await store.list()).toEqual([note('c1', 2, 'meanwhile')])
  })

  test('a bot whose machine is gone in the middle of a transaction keeps its locks from the others for a moment only', async () => {
    const url = await postgres().fresh()
    const { database, darken } = await behindWire(url)
    const audit = createPgAudit(await open(url), { now: () => new Date(0) })
    const gone = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const dying = database.change(async (client) => {
      await client.query('LOCK TABLE lanekeeper.audit_head IN EXCLUSIVE MODE')
      held.resolve()
      await gone.promise
      throw new Error('gone')
    })
    await held.promise
    darken()
    await audit.append({ actor: 'ann', act: 'goes on' })
    gone.resolve()
    await expect(dying).rejects.toThrow('gone')
  })

  test('a bot that was held up for so long that the server gave its transaction up runs it again', async () => {
    const { database } = await behindWire(await postgres().fresh())
    let runs = 0
    const seven = await database.change(async (client) => {
      runs += 1
      // Nothing of this process runs meanwhile, as when its machine is paused.
      if (runs === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)
      return (await client.query('SELECT 7 AS seven')).rows[0].seven
    })
    expect([seven, runs]).toEqual([7, 2])
  })

  test('a line of the audit trail is written once, also when another came before it was tried again', async () => {
    const url = await postgres().fresh()
    const [real, other] = [await open(url), createPgAudit(await open(url), { now: () => new Date(0) })]
    const late: Database = {
      ...real,
      async change(act) {
        await real.change(act)
        await other.append({ actor: 'bob', act: 'between' })
        return real.change(act)
      },
    }
    await createPgAudit(late, { now: () => new Date(0) }).append({ actor: 'ann', act: 'once' })
    expect((await other.last(9)).map(({ act }) => act)).toEqual(['between', 'once'])
    expect(await other.verify()).toEqual({ ok: true, lines: 2 })
  })

  test('what was committed while the answer was lost is taken for done: once, not twice, and not refused', async () => {
    const url = await postgres().fresh()
    const real = await open(url)
    // Every transaction is run again after its commit, as it is when the connection ends in between.
    const twice: Database = {
      ...real,
      async change(act) {
        await real.change(act)
        return real.change(act)
      },
    }
    const store = createPgStore(twice, 'notes', Note.extend({ more: z.string().default('of the schema') }))
    await store.put({ more: 'x', ...note('c1', 1) })
    await store.put({ more: 'x', ...note('c1', 2, 'next') })
    expect(await store.get('c1')).toMatchObject({ version: 2, says: 'next' })
    await expect(store.put({ ...note('c1', 2, 'another'), more: 'x' })).rejects.toMatchObject({ code: 'store-invalid' })
    const history = createPgHistory(twice, Note, () => undefined)
    await history.append(note('c1', 2))
    expect(await history.last(9)).toHaveLength(1)
    const audit = createPgAudit(twice, { now: () => new Date() })
    for (const act of ['one', 'two']) await audit.append({ actor: 'ann', act })
    expect(await audit.verify()).toEqual({ ok: true, lines: 2 })
  })

  test('the session of a leader is one of which the server notices within half a minute that its machine is gone', async () => {
    const session = leaderSession(await postgres().fresh(), 'x')
    await session.connect()
    ends.push(() => session.end())
    const setting = async (name: string) => Number((await session.query(`SHOW ${name}`)).rows[0][name])
    const [idle, interval, count] = [
      await setting('tcp_keepalives_idle'),
      await setting('tcp_keepalives_interval'),
      await setting('tcp_keepalives_count'),
    ]
    expect(idle + interval * count).toBeLessThanOrEqual(30)
    expect(idle * interval * count).toBeGreaterThan(0)
  })

  test('who stands by goes on doing so where a server does not answer to the goodbye', async () => {
    const straight = new URL(await postgres().fresh())
    await open(straight.href)
    const holder = leaderSession(straight.href, 'holder')
    await holder.connect()
    await holder.query('SELECT pg_advisory_lock(7203942)')
    let tries = 0
    const sockets: Socket[] = []
    const server = createServer({ allowHalfOpen: true }, (near) => {
      tries += 1
      const far = createConnection({ host: straight.hostname, port: Number(straight.port) })
      sockets.push(near, far)
      near.on('data', (chunk) => chunk[0] !== TERMINATE && far.write(chunk)).on('error', () => undefined)
      far.pipe(near)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    ends.push(async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const url = new URL(straight)
    url.port = String((server.address() as AddressInfo).port)
    const log = { info: () => undefined, warn: () => undefined }
    const parts = { url: url.href, name: 'b', stop: new AbortController().signal, log, onLost: () => undefined }
    const leading = lead(parts)
    await expect.poll(() => tries, { timeout: 20_000 }).toBeGreaterThan(2)
    await holder.end()
    const lease = await leading
    expect(lease?.epoch).toBe(1)
    await lease?.release()
  }, 40_000)

  test('a server that stays away is an error that says what to do', async () => {
    const url = 'postgres://lanekeeper@127.0.0.1:1/nothing'
    await expect(openDatabase(url, { patienceMs: 300 })).rejects.toMatchObject({
      code: 'store-unreachable',
      hint: expect.stringContaining('DATABASE_URL'),
    })
  })

  test('who does not lead any more changes nothing', async () => {
    const url = await postgres().fresh()
    const database = await open(url)
    const store = createPgStore(database, 'notes', Note)
    database.fence(0)
    await store.put(note('c1', 1))
    await (await open(url)).change((client) =>
      client.query('UPDATE lanekeeper.leader SET epoch = 1, name = $1', ['bot2']).then(() => undefined),
    )
    await expect(store.put(note('c1', 2))).rejects.toMatchObject({
      code: 'store-locked',
      message: expect.stringContaining('bot2'),
    })
    expect(await store.get('c1')).toEqual(note('c1', 1))
  })
})
