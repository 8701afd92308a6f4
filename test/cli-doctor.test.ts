import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkClock, clockDrift } from '../src/cli/doctor/clock.ts'
import { checkDataFolder } from '../src/cli/doctor/data-folder.ts'
import { checkNodes } from '../src/cli/doctor/nodes.ts'
import { secretsOf, without } from '../src/cli/doctor/secrets.ts'
import { doctor } from '../src/cli/doctor.ts'
import { type Config, readConfig } from '../src/config.ts'
import { writeFrames } from '../src/facts/frames.ts'
import { hostKeysOf } from '../src/reach.ts'
import { probeTexts } from '../src/simulator/probe-texts.ts'
import { scenarios } from '../src/simulator/scenario.ts'
import { type Simulator, startSimulator } from '../src/simulator/simulator.ts'
import type { Transport } from '../src/ssh/transport.ts'
import { lockDataFolder } from '../src/store/lock.ts'

const cli = join(import.meta.dirname, '../src/cli.ts')
const folder = () => mkdtempSync(join(tmpdir(), 'lanekeeper-'))
const now = () => new Date()
const run = (cwd: string, ...args: string[]) =>
  spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8', env: { PATH: '', HOME: cwd } })

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator(folder(), { played: scenarios.slice(0, 2) })
})
afterAll(() => simulator.close())

/** The first simulated nodes, as a configuration names real ones. */
function configOf(more = '', env: Record<string, string> = {}): Config {
  const cwd = folder()
  const nodes = simulator.nodes.map(
    ({ scenario, server }) =>
      `  ${scenario.node}: { host: 127.0.0.1, port: ${server.port}, key: ${simulator.keyFile}, passphraseEnv: PHRASE }`,
  )
  const yaml = ['nodes:', ...nodes, "policy: { approvers: ['console:approver', 'slack:U1', 'discord:12345'] }", more]
  writeFileSync(join(cwd, 'lanekeeper.yaml'), yaml.join('\n'))
  return readConfig({ env: { HOME: cwd, PHRASE: 'the-phrase-of-a-key', ...env }, cwd })
}

async function told(config: Config, apis = {}): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = []
  const status = await doctor(config, { now, say: (line) => lines.push(line), apis })
  return { status, lines }
}

async function pin(config: Config): Promise<void> {
  for (const { scenario, server } of simulator.nodes) await hostKeysOf(config).pin(scenario.node, server.hostKey)
}

test('without a configuration the simulated nodes are checked, and all is well', () => {
  const cwd = folder()
  const { status, stdout, stderr } = run(cwd, 'doctor')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).not.toContain('✗')
  expect(readdirSync(cwd)).toEqual([])
  for (const { node } of scenarios) expect(stdout).toContain(`✓ ${node} (simulated): reached`)
})

test('a configuration that cannot be read ends with 2, with its lines', () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'lanekeeper.yaml'), 'nodes: {}\nnods: {}\npolicy: { approvers: [console:approver] }\n')
  const { status, stdout, stderr } = run(cwd, 'doctor')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/line 2: nods: .*did you mean nodes[\s\S]*what to do: /)
})

describe('nodes of a configuration', () => {
  test('that are pinned and let the bot in are well', async () => {
    const config = configOf()
    await pin(config)
    const { status, lines } = await told(config)
    expect({ status, bad: lines.filter((line) => !line.startsWith('✓')) }).toEqual({ status: 0, bad: [] })
    expect(lines.join('\n')).toMatch(/nodes node1, node2; chats: the console/)
    expect(lines.join('\n')).toMatch(
      /node1 \(127\.0\.0\.1:\d+\): reached[^✗]*as root[^✗]*probes could look[^✗]*its clock agrees/,
    )
  })
  test('are told each with its own trouble and what to do', async () => {
    const config = configOf()
    const [one, two] = simulator.nodes
    await hostKeysOf(config).pin('node1', two?.server.hostKey ?? '')
    const { status, lines } = await told({
      ...config,
      nodes: {
        ...config.nodes,
        gone: { host: '127.0.0.1', port: 9, user: 'root', keyFile: simulator.keyFile, sudo: false },
      },
    })
    expect({ status, one: one?.scenario.node }).toEqual({ status: 1, one: 'node1' })
    expect(lines.join('\n')).toMatch(/✗ node1 .*host key .* is pinned.*\n {2}what to do: .*lanekeeper trust node1/)
    expect(lines.join('\n')).toMatch(/✗ node2 .*not known yet.*\n {2}what to do: .*lanekeeper trust node2/)
    expect(lines.join('\n')).toMatch(/✗ gone .*refused on port 9\n {2}what to do: .*sshd/)
    expect(lines.join('\n')).not.toMatch(/^ +at /m)
  })
  test('are missing', async () => {
    const { lines } = await told({ ...configOf(), nodes: {} })
    expect(lines).toContain('✗ there is no node')
  })
})

describe('a node that lets the bot in', () => {
  /** The moment at which this machine looks, in seconds. */
  const AT = 1_800_000_000
  /** What a healthy node prints, and what differs; undefined = there is no such program. */
  const checked = (differs: Record<string, string | undefined>) => {
    const healthy = simulator.nodes[0]?.node
    if (!healthy) throw new Error('nothing is simulated')
    const transport: Transport = {
      run: async (_node, script) => {
        const [, nonce = '', names = ''] = /^# lanekeeper probes (\S+) (.*)$/m.exec(script) ?? []
        const texts: Record<string, string | undefined> = {
          ...probeTexts(healthy),
          clock: `system: ${AT}\n`,
          ...differs,
        }
        const frames = names.split(' ').map((name) => {
          const gone = name in differs && differs[name] === undefined
          return { name, bytes: Buffer.from(texts[name] ?? ''), exit: gone ? 127 : 0, ms: 1 }
        })
        return { stdout: writeFrames(nonce, frames), stderr: '', code: 0 }
      },
      close: async () => undefined,
    }
    const nodes = [{ name: 'node9', about: '192.0.2.9:22', simulated: false, labels: [] }]
    return checkNodes({ transport, nodes }, () => new Date(AT * 1000))
  }
  const ago = (seconds: number) => `system: ${AT - seconds}\n`

  test.each<[string, Record<string, string | undefined>, RegExp | null]>([
    ['with nothing wrong', {}, null],
    ['as somebody else than root', { 'user-id': '1000\n' }, /as user 1000, not as root/],
    ['and does not say as whom', { 'user-id': undefined }, /could not be told/],
    ['and lacks a program', { lspci: undefined }, /1 of \d+ probes told nothing: lspci \(there is no such program/],
    ['with a clock a minute behind', { clock: ago(60) }, /its clock is 59 s behind/],
    ['with a clock a minute ahead', { clock: ago(-60) }, /its clock is 60 s ahead/],
    ['with a clock that is a little off', { clock: ago(20) }, null],
  ])('%s', async (_, differs, says) => {
    const bad = (await checked(differs)).filter(({ ok }) => !ok)
    expect(bad.map((check) => check.says)).toEqual(says ? [expect.stringMatching(says)] : [])
    for (const { hint } of bad) expect(hint).toBeTruthy()
  })
  test('whose clock tells nothing is not taken as well', async () => {
    const bad = (await checked({ clock: '' })).filter(({ ok }) => !ok)
    expect(bad.map(({ says }) => says).join('\n')).toMatch(/clock \(.*\)[\s\S]*its clock could not be read/)
  })
})

describe('the drift of a clock', () => {
  test.each([
    [100, 100_000, 100_900, 0],
    [100, 100_999, 101_500, 0],
    [140, 100_000, 110_000, 30],
    [141, 100_000, 110_000, 31],
    [69, 100_000, 110_000, -30],
    [68, 100_000, 110_000, -31],
  ])('%i read between %i and %i ms is %i s', (system, before, after, drift) => {
    expect(clockDrift(system, { before, after })).toBe(drift)
    expect(checkClock('n', system, { before, after }).ok).toBe(Math.abs(drift) <= 30)
  })
  test('a clock that is right is never told as wrong, however long the look takes', () => {
    fc.assert(
      fc.property(fc.nat(4e9), fc.nat(120_000), fc.nat(120_000), (at, until, since) => {
        const moment = at * 1000 + 500
        return clockDrift(at, { before: moment - until, after: moment + since }) === 0
      }),
    )
  })
  test('one that could not be read is not well', () => {
    expect(checkClock('n', null, { before: 0, after: 0 }).ok).toBe(false)
  })
})

describe('the data folder', () => {
  const says = async (path: string) => (await checkDataFolder(path)).map(({ ok, says }) => `${ok} ${says}`).join('\n')
  test('that is not there can be made, and is not made', async () => {
    const above = folder()
    expect(await says(join(above, 'a/b'))).toMatch(
      /^true .*is not there yet, and can be made\ntrue .* free\ntrue .*nobody/,
    )
    expect(readdirSync(above)).toEqual([])
  })
  test('that is there is written, and nothing is left in it', async () => {
    const path = folder()
    expect(await says(path)).toMatch(/^true .*can be written\ntrue .* free/)
    expect(readdirSync(path)).toEqual([])
  })
  test('that is held is said with the holder, who is no trouble', async () => {
    const path = folder()
    const release = await lockDataFolder(path, () => undefined)
    expect(await says(path)).toMatch(new RegExp(`true .*in use by process ${process.pid} on`))
    await release()
    expect(await says(path)).toContain('true data folder: nobody has it')
  })
  test.each([
    ['is a file', (path: string) => join(path, 'file')],
    ['is below a file', (path: string) => join(path, 'file/state')],
    ['is in a file system that is not written', () => '/proc/lanekeeper'],
  ])('that %s is told, with what to do', async (_, where) => {
    const path = folder()
    writeFileSync(join(path, 'file'), '')
    const [written] = await checkDataFolder(where(path))
    expect(written).toMatchObject({
      ok: false,
      says: expect.stringContaining('cannot be used'),
      hint: expect.stringContaining('data:'),
    })
  })
})

test('no token, secret or passphrase is ever printed, though an answer holds it', async () => {
  const chats = 'slack: { incidents: ops }\ndiscord: { guild: "12345" }'
  const env = { SLACK_BOT_TOKEN: 'xoxb-canary', SLACK_APP_TOKEN: 'xapp-canary', DISCORD_TOKEN: 'canary.of.discord' }
  const nowhere = { slack: 'http://127.0.0.1:9/api/', discord: 'http://127.0.0.1:9/api' }
  const config = configOf(chats, env)
  const { status, lines } = await told(
    { ...config, file: `/etc/${Object.values(env).join('/')}/the-phrase-of-a-key` },
    nowhere,
  )
  expect(status).toBe(1)
  expect(lines.join('\n')).toContain('[redacted]')
  expect(lines.join('\n')).not.toMatch(/canary|the-phrase-of-a-key/)
  expect(lines.join('\n')).toMatch(
    /✗ Slack, .*cannot be reached.*\n {2}what to do: check that this machine reaches slack\.com/,
  )
  expect(lines.join('\n')).toMatch(/✗ Discord, .*\n {2}what to do: check that this machine reaches discord\.com/)
  expect(lines.join('\n')).not.toMatch(/^ +at /m)
})

test('every secret of a configuration is known, those of jump hosts and of HTTP mode too', () => {
  const access = { host: 'h', port: 22, user: 'root', sudo: false, passphrase: 'first-phrase' }
  const nodes = { a: { ...access, jump: { ...access, passphrase: 'second-phrase' } } }
  const slack = { botToken: 'xoxb-1234', entrance: { signingSecret: 'signing', host: 'h', port: 1 }, incidents: null }
  const secrets = secretsOf({
    nodes,
    slack,
    discord: { token: 'discord-token', guild: '1', incidents: null },
    web: null,
    databaseUrl: 'postgres://bot:data%20base@db/x',
  })
  expect(secrets.toSorted()).toEqual([
    'data base',
    'discord-token',
    'first-phrase',
    'second-phrase',
    'signing',
    'xoxb-1234',
  ])
  expect(without(secrets, 'xoxb-1234 and signing and words')).toBe('[redacted] and [redacted] and words')
})
