import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { type Scenario, scenarios } from '../../src/simulator/scenario.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { openDatabase } from '../../src/store/postgres/database.ts'
import { createPgHostKeys } from '../../src/store/postgres/host-keys.ts'
import { missing, postgresForAll } from '../store/postgres/server.ts'
import { askFor, dataFolder, openRoom, type Room } from './room.ts'

/** Every state of a change, on a node that brings it there, with the end of it and the boots there are then. */
const good = { node: 'node1', differs: {}, outcome: 'done', boots: { all: 2, trials: 1 } }
const STATES: readonly (readonly [string, Way])[] = [
  ...['proposed', 'approved', 'arming', 'armed', 'rebooting', 'verifying', 'committing'].map(
    (state) => [state, good] as const,
  ),
  ['going-back', { node: 'node1', differs: { trialFails: 'cure' }, outcome: 'undone', boots: { all: 3, trials: 1 } }],
  ['mending', { node: 'node9', differs: {}, outcome: 'done', boots: { all: 1, trials: 0 } }],
]
interface Way {
  readonly node: string
  readonly differs: Partial<Scenario>
  readonly outcome: string
  readonly boots: { readonly all: number; readonly trials: number }
}

describe.skipIf(missing !== null)('two bots on one PostgreSQL', { timeout: 120_000 }, () => {
  const { postgres, ends } = postgresForAll()

  /** A database, a simulated node that is trusted, and a way to start bots on them. */
  async function world({ node, differs }: Pick<Way, 'node' | 'differs'> = good) {
    const url = await postgres().fresh()
    const home = dataFolder()
    ends.push(async () => home.remove())
    const simulator: Simulator = await startSimulator(home.path, {
      played: scenarios.filter((one) => one.node === node).map((one) => ({ ...one, ...differs, node: 'node1' })),
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
policy: { approvers: ['console:bob'], stability: 2, settle: 20, guardDeadline: 5000, rebootDeadline: 60 }
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

  test.each(STATES)(
    'the one that leads is killed while a change is %s: the other ends it, once',
    async (state, way) => {
      const { start, ended, node } = await world(way)
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
        .toMatchObject([{ outcome: way.outcome, votes: [{ by: { id: 'console:bob' } }] }])
      expect(node.boots).toEqual(way.boots)
      expect([...node.files.keys()].filter((path) => /custom\.cfg|guard/.test(path))).toEqual([])
    },
  )

  test('the database crashes and comes back while the node reboots: nothing is lost, and nobody has to start anything', async () => {
    const { start, ended, node } = await world()
    const only = start('only')
    const { message, change } = await askFor(only, '/pcie diagnose node1')
    only.say('/as bob')
    only.say(`+ ${message}`)
    await expect
      .poll(() => only.log(), { timeout: 30_000, interval: 5 })
      .toMatch(new RegExp(`"change":"${change}".*"state":"rebooting"`))
    await postgres().crash()
    await new Promise((resolve) => setTimeout(resolve, 3000))
    await postgres().start()
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
