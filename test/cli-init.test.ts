import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configText } from '../src/cli/init.ts'
import { readConfig } from '../src/config.ts'
import { startServers } from './bench/start-servers.ts'

const cli = join(import.meta.dirname, '../src/cli.ts')
const folder = () => mkdtempSync(join(tmpdir(), 'lanekeeper-'))
const run = (cwd: string, args: readonly string[], input = '') =>
  spawnSync(process.execPath, [cli, ...args], {
    cwd,
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: cwd },
  })

let servers: Awaited<ReturnType<typeof startServers>>
beforeAll(async () => {
  servers = await startServers(1)
})
afterAll(() => servers.close())

describe('init', () => {
  test('asks, writes a configuration that is taken as it is, and says what to do next', () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'id'), 'a key')
    const answers = ['127.0.0.1', 'pve1', '', 'id', '', 'ann, bob', 'bob', 'y', 'n', 'n']
    const { status, stdout, stderr } = run(cwd, ['init'], `${answers.join('\n')}\n`)
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('Address of a Proxmox VE node'),
    })
    expect(stdout).toContain('lanekeeper.yaml is written.')
    // Nothing listens on port 22 there, or it is not to be trusted: said, and nothing is lost.
    expect(stdout).toMatch(/pve1 is not trusted yet: [\s\S]*what to do: /)
    expect(stdout).toMatch(/Slack: docs\/slack-and-discord\.md[\s\S]*doctor[\s\S]*diagnose pve1[\s\S]*npm start/)
    const config = readConfig({ env: { HOME: cwd, SLACK_BOT_TOKEN: 'x', SLACK_APP_TOKEN: 'y' }, cwd })
    expect(config.nodes.pve1).toMatchObject({ host: '127.0.0.1', user: 'root', keyFile: join(cwd, 'id') })
    expect(config.policy.approvers).toEqual(['console:bob'])
    expect(config.console.people).toEqual(['ann', 'bob'])
  })

  test('leaves a configuration that is there alone, and says when the answers end too early', () => {
    const cwd = folder()
    const early = run(cwd, ['init'], '192.0.2.1\n')
    expect(early.status).toBe(2)
    expect(early.stderr).toContain('the answers ended before the questions')
    expect(existsSync(join(cwd, 'lanekeeper.yaml'))).toBe(false)
    writeFileSync(join(cwd, 'lanekeeper.yaml'), 'mine')
    const again = run(cwd, ['init'], '192.0.2.1\n')
    expect(again.status).toBe(2)
    expect(again.stderr).toMatch(/is there already/)
    expect(readFileSync(join(cwd, 'lanekeeper.yaml'), 'utf8')).toBe('mine')
  })

  test('whatever is answered, what is written can be read', () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'id'), 'a key')
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/).filter((one) => one.toLowerCase() !== 'all')
    const node = fc.record({
      name,
      host: fc.string({ minLength: 1, unit: 'grapheme' }),
      user: fc.constantFrom('root', 'lane'),
      key: fc.constantFrom('id', null),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(node, { minLength: 1, maxLength: 4, selector: (one) => one.name }),
        fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.boolean(),
        (nodes, people, slack, discord) => {
          const file = join(cwd, 'any.yaml')
          writeFileSync(file, configText({ nodes, people, approvers: people.slice(0, 1), slack, discord }))
          const env = { HOME: cwd, SSH_AUTH_SOCK: '/a', SLACK_BOT_TOKEN: 'x', SLACK_APP_TOKEN: 'y', DISCORD_TOKEN: 'z' }
          const config = readConfig({ path: file, env, cwd })
          const hosts = Object.fromEntries(Object.entries(config.nodes).map(([one, { host }]) => [one, host]))
          expect(hosts).toEqual(Object.fromEntries(nodes.map((one) => [one.name, one.host])))
        },
      ),
    )
  })
})

describe('grant', () => {
  test('makes two keys that nobody else reads, a script for the node, and says what to do; keys that are there stay', () => {
    const cwd = folder()
    const [one] = servers.said.nodes
    copyFileSync(servers.said.keyFile, join(cwd, 'id'))
    writeFileSync(
      join(cwd, 'lanekeeper.yaml'),
      `nodes: { pve1: { host: 127.0.0.1, port: ${one?.port}, user: lane, key: id, sudo: true } }\npolicy: { approvers: ['console:approver'] }\n`,
    )
    const first = run(cwd, ['grant', 'pve1'])
    expect(first.status, first.stderr).toBe(0)
    const keys = join(cwd, 'data/state/keys')
    for (const file of ['pve1-look', 'pve1-change']) expect(statSync(join(keys, file)).mode & 0o777).toBe(0o600)
    const script = readFileSync(join(keys, 'pve1-grant.sh'), 'utf8')
    expect(script).toContain(readFileSync(join(keys, 'pve1-look.pub'), 'utf8').trim().split(' ')[1])
    expect(script).toContain("user='lane'")
    expect(first.stdout).toMatch(/sh -s <.*pve1-grant\.sh[\s\S]*changeKey: .*pve1-change/)
    const before = readFileSync(join(keys, 'pve1-look'), 'utf8')
    expect(run(cwd, ['grant', 'pve1']).status).toBe(0)
    expect(readFileSync(join(keys, 'pve1-look'), 'utf8')).toBe(before)
    expect(run(cwd, ['grant', 'pve2'])).toMatchObject({ status: 2, stderr: expect.stringContaining('pve1') })
  })

  test('without a configuration there is nobody to grant anything', () => {
    const { status, stderr } = run(folder(), ['grant', 'node1'])
    expect(status).toBe(2)
    expect(stderr).toContain('lanekeeper init')
  })
})
