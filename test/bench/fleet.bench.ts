import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { probes } from '../../src/facts/probes.ts'
import { compileScript } from '../../src/facts/script.ts'
import { tool } from '../tool.ts'
import type { Surveyed } from './bot.ts'
import { measured, median, mib, ms, type Row } from './figures.ts'
import { startServers } from './start-servers.ts'

const NODE = join(import.meta.dirname, '../../node_modules/.bin/node')
const ROUNDS = 3
const rows: Row[] = []
afterAll(() => console.table(rows))

async function survey(servers: Awaited<ReturnType<typeof startServers>>, round: number): Promise<Surveyed> {
  const folder = join(servers.folder, `bot-${round}`)
  mkdirSync(folder)
  const { code, stdout, stderr } = await measured(NODE, [join(import.meta.dirname, 'bot.ts'), folder], {
    input: JSON.stringify(servers.said),
  })
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Surveyed
}

test('five hundred nodes, beside parallel-ssh with the same script on the same servers', async () => {
  const COUNT = 500
  const servers = await startServers(COUNT)
  const few = await startServers(50)
  try {
    const { folder, said } = servers
    chmodSync(said.keyFile, 0o600)
    const hosts = join(folder, 'hosts')
    const known = join(folder, 'known_hosts')
    writeFileSync(hosts, said.nodes.map(({ port }) => `root@127.0.0.1:${port}\n`).join(''))
    writeFileSync(known, said.nodes.map(({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}\n`).join(''))
    const options = ['-x', `-F none -i ${said.keyFile} -o UserKnownHostsFile=${known} -o BatchMode=yes`]
    const beside = async () => {
      const input = compileScript(probes, '0123456789abcdef')
      const ran = await measured(
        'parallel-ssh',
        ['-h', hosts, '-I', '-t', '120', '-o', join(folder, 'out'), ...options, 'sh -s'],
        { input, sampled: true },
      )
      expect(ran.code, ran.stdout.slice(0, 500) + ran.stderr.slice(0, 500)).toBe(0)
      return ran
    }
    const ours: Surveyed[] = []
    const small: Surveyed[] = []
    const theirs: Awaited<ReturnType<typeof beside>>[] = []
    const has = tool('parallel-ssh', 'pssh')
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await survey(servers, round))
      small.push(await survey(few, round))
      if (has) theirs.push(await beside())
    }
    for (const { title } of ours) expect(title).toMatch(/^all: 500 nodes/)
    const mine = median(ours.map(({ seconds }) => seconds))
    const fifty = median(small.map(({ seconds }) => seconds))
    const memory = median(ours.map(({ most }) => most))
    const answered = median(ours.map(({ answered }) => answered.most))
    if (has) {
      const other = median(theirs.map(({ seconds }) => seconds))
      const held = median(theirs.map(({ memory }) => memory))
      rows.push(
        {
          figure: '500 nodes',
          ours: `${mine.toFixed(1)} s`,
          beside: `parallel-ssh: ${other.toFixed(1)} s`,
          ratio: (mine / other).toFixed(2),
          goal: 'no slower',
          met: mine <= other,
        },
        {
          figure: `  memory (at rest: ${mib(median(ours.map((each) => each.before)))})`,
          ours: mib(memory),
          beside: `parallel-ssh: ${mib(held)}`,
          ratio: (memory / held).toFixed(2),
          goal: 'less',
          met: memory < held,
        },
      )
    }
    rows.push(
      {
        figure: '50 nodes',
        ours: `${fifty.toFixed(1)} s`,
        beside: `500 nodes: ${mine.toFixed(1)} s`,
        ratio: (mine / fifty).toFixed(1),
        goal: 'linear: about 10',
        met: mine / fifty < 12,
      },
      {
        figure: 'a command meanwhile, 99 in 100',
        ours: ms(answered),
        beside: '',
        ratio: '',
        goal: 'under 100 ms',
        met: answered < 100,
      },
      {
        figure: 'resident memory, at most',
        ours: mib(memory),
        beside: '',
        ratio: '',
        goal: 'under 300 MiB',
        met: memory < 300 * 2 ** 20,
      },
    )
  } finally {
    await servers.close()
    await few.close()
  }
})
