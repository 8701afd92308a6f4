import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { scenarios } from '../../src/simulator/scenario.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { openDatabase } from '../../src/store/postgres/database.ts'
import { createPgHostKeys } from '../../src/store/postgres/host-keys.ts'
import { missing, type Postgres, startPostgres } from '../store/postgres/server.ts'
import { askFor, dataFolder, openRoom, type Room } from './room.ts'

const STATES = ['proposed', 'approved', 'arming', 'armed', 'rebooting', 'verifying', 'committing'] as const

describe.skipIf(missing !== null)('two bots on one PostgreSQL', { timeout: 120_000 }, () => {
  let postgres: Postgres
  const ends: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  afterAll(() => postgres?.close())

  /** A database, a simulated node that is trusted, and a way to start bots on them. */
  async function world() {
    const url = await postgres.fresh()
    const home = dataFolder()
    ends.push(async () => home.remove())
    const simulator: Simulator = await startSimulator(home.path, {
      played: scenarios.slice(0, 1),
      pace: { boot: 1000, second: 20 },
    })
    ends.push(simulator.close)
    const [one] = simulator.nodes
    if (!one) throw new Error('nothing is simulated')
    const database = await openDatabase(url)
    ends.push(database.close)
    await createPgHostKeys(async () => database).pin('node1', one.server.hostKey)
    const start = (name: string): Room => {
      const data = dataFolder()
      const config = join(data.path, 'lanekeeper.yaml')
      writeFileSync(
        config,
        `nodes: { node1: { host: 127.0.0.1, port: ${one.server.port}, key: ${simulator.keyFile} } }
http: false
console: { people: [ann, bob] }
policy: { approvers: ['console:bob'], stability: 2, settle: 20, guardDeadline: 2000, rebootDeadline: 60 }
data: ${data.path}
`,
      )
      const room = openRoom({ data: data.path, config, env: { DATABASE_URL: url, BOT: name } })
      ends.push(async () => {
        await room.kill()
        data.remove()
      })
      return room
    }
    const ended = async () => {
      const rows = await database.read<{ data: { outcome: string; votes: unknown[] } }>(
        'SELECT data FROM lanekeeper.history',
      )
      return rows.map(({ data }) => data)
    }
    return { url, start, ended, node: one.node }
  }
  const says = (room: Room, words: string, seconds = 30) =>
    expect.poll(() => room.log(), { timeout: seconds * 1000, interval: 50 }).toContain(words)

  test.each(STATES)('the one that leads is killed while a change is %s: the other ends it, once', async (state) => {
    const { start, ended, node } = await world()
    const first = start('first')
    const { message, change } = await askFor(first, '/pcie diagnose node1')
    const second = start('second')
    await says(second, 'another bot leads; standing by')
    if (state === 'proposed') await first.kill()
    else {
      first.say('/as bob')
      first.say(`+ ${message}`)
      await expect
        .poll(() => first.log(), { timeout: 30_000, interval: 5 })
        .toMatch(new RegExp(`"change":"${change}".*"state":"${state}"`))
      await first.kill()
    }
    if (state === 'proposed') {
      // Its cards are the other's now, and an approval goes to whoever leads.
      await says(second, 'this bot leads')
      second.say('/as bob')
      second.say(`/pcie approve ${change}`)
    }
    await expect
      .poll(ended, { timeout: 60_000 })
      .toMatchObject([{ outcome: 'done', votes: [{ by: { id: 'console:bob' } }] }])
    expect(node.boots).toEqual({ all: 2, trials: 1 })
    expect([...node.files.keys()].filter((path) => /custom\.cfg|guard/.test(path))).toEqual([])
  })

  test('the database crashes and comes back while the node reboots: nothing is lost, and nobody has to start anything', async () => {
    const { start, ended, node } = await world()
    const only = start('only')
    const { message, change } = await askFor(only, '/pcie diagnose node1')
    only.say('/as bob')
    only.say(`+ ${message}`)
    await expect
      .poll(() => only.log(), { timeout: 30_000, interval: 5 })
      .toMatch(new RegExp(`"change":"${change}".*"state":"rebooting"`))
    await postgres.crash()
    await new Promise((resolve) => setTimeout(resolve, 3000))
    await postgres.start()
    await expect.poll(ended, { timeout: 60_000 }).toMatchObject([{ outcome: 'done' }])
    await says(only, 'and nobody took over')
    expect(node.boots).toEqual({ all: 2, trials: 1 })
  })

  test('a leader that lost its session while another took over stops at once', async () => {
    const { url, start } = await world()
    const first = start('first')
    await askFor(first, '/pcie diagnose node1')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    // As if another bot had led meanwhile.
    await client.query(`UPDATE lanekeeper.leader SET epoch = epoch + 1, name = 'somebody else'`)
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'lanekeeper leader%'`,
    )
    await client.end()
    await says(first, 'this bot leads no more: stopping at once')
    await expect.poll(first.status, { timeout: 10_000 }).toBe(1)
  })
})
