import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll } from 'vitest'

const LIBRARY = '/usr/lib/postgresql'

/** Where Debian keeps the newest server's programs; undefined = there is none. */
const programs = existsSync(LIBRARY)
  ? readdirSync(LIBRARY)
      .toSorted((a, b) => Number(b) - Number(a))
      .map((version) => join(LIBRARY, version, 'bin'))
      .find((folder) => existsSync(join(folder, 'initdb')))
  : undefined

/** Why nothing can be tried against a real PostgreSQL; null when it can. */
export const missing = programs === undefined ? 'postgresql is not installed' : null
if (missing) console.warn(`SKIPPED: nothing was tried against a real PostgreSQL: ${missing}`)

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package made. */
const asUser = userInfo().uid === 0 ? ['runuser', '-u', 'postgres', '--'] : []
const run = (program: string, ...args: string[]): void => {
  const [first = '', ...rest] = [...asUser, join(programs ?? '', program), ...args]
  execFileSync(first, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' })
}

export interface Postgres {
  /** Of a new, empty database. */
  fresh(): Promise<string>
  /** Ends the server at once, as a crash would. */
  crash(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

/** One server for all tests of a suite, and what each of them leaves to be ended. */
export function postgresForAll() {
  const held: { postgres?: Postgres } = {}
  const ends: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    held.postgres = await startPostgres()
  }, 60_000)
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  afterAll(() => held.postgres?.close())
  const running = (): Postgres => {
    if (!held.postgres) throw new Error('PostgreSQL is not started')
    return held.postgres
  }
  return { postgres: running, ends }
}

/** A real PostgreSQL of its own on loopback. */
export async function startPostgres(): Promise<Postgres> {
  // The tests' own folder is closed to others; PostgreSQL's user has to pass through it.
  if (tmpdir() !== '/tmp') chmodSync(tmpdir(), 0o711)
  const folder = mkdtempSync(join(tmpdir(), 'lanekeeper-postgres-'))
  if (asUser.length > 0) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres']).toString()))
    chownSync(folder, uid ?? 0, gid ?? 0)
  }
  const data = join(folder, 'data')
  run('initdb', '-D', data, '-U', 'lanekeeper', '-A', 'trust', '-E', 'UTF8', '--no-sync')
  const port = await freePort()
  const url = (name: string) => `postgres://lanekeeper@127.0.0.1:${port}/${name}`
  let databases = 0
  let ended: Promise<unknown> = Promise.resolve()

  const start = async (): Promise<void> => {
    const options = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off']
    const [first = '', ...rest] = [
      ...asUser,
      join(programs ?? '', 'postgres'),
      '-D',
      data,
      '-p',
      String(port),
      ...options,
    ]
    const server = spawn(first, rest, { stdio: 'ignore', cwd: '/' })
    ended = new Promise((resolve) => server.once('exit', resolve))
    for (let tries = 0; ; tries++) {
      const client = new pg.Client({ connectionString: url('postgres') })
      client.on('error', () => undefined)
      try {
        await client.connect()
        await client.query('SELECT 1')
        return
      } catch (error) {
        if (tries > 300) throw error
        await sleep(50)
      } finally {
        await client.end().catch(() => undefined)
      }
    }
  }
  /** Immediate shutdown: no goodbye to any session, and a recovery at the next start. */
  const crash = async (): Promise<void> => {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGQUIT')
    await ended
  }
  await start()
  return {
    start,
    crash,
    async fresh() {
      const name = `lanekeeper${++databases}`
      const client = new pg.Client({ connectionString: url('postgres') })
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return url(name)
    },
    async close() {
      await crash().catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
