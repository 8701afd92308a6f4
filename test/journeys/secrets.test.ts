import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scenarios } from '../../src/simulator/scenario.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { createHostKeyFile } from '../../src/store/host-key-file.ts'
import { askFor, dataFolder, openRoom, type Room } from './room.ts'

/** Every secret that the program takes, each with a word of its own that is looked for everywhere afterwards. */
const CANARIES = {
  PHRASE: 'canary-of-the-passphrase',
  WEB: 'canary-of-the-web-token-0123',
  DATABASE: 'canary-of-the-database',
}

/** Everything that the program said, and every file that it wrote. */
function everything(room: Room, folder: string): string {
  const files = globSync(`${folder}/**/*`).filter((file) => statSync(file).isFile() && !file.endsWith('.yaml'))
  return [room.log(), JSON.stringify(room.events), ...files.map((file) => readFileSync(file, 'latin1'))].join('\n')
}

test('no secret is in the log at its loudest, in a card, in a capture, in what is kept, or in what a crash leaves', async () => {
  const data = dataFolder()
  const simulator = await startSimulator(data.path, { played: scenarios.slice(0, 1), pace: { boot: 300, second: 20 } })
  const [one] = simulator.nodes
  if (!one) throw new Error('nothing is simulated')
  await createHostKeyFile(join(data.path, 'host-keys.json')).pin('node1', one.server.hostKey)
  // The key that the nodes trust, behind the passphrase; and a node whose passphrase is wrong.
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', CANARIES.PHRASE, '-f', simulator.keyFile])
  const config = join(data.path, 'lanekeeper.yaml')
  const access = `host: 127.0.0.1, port: ${one.server.port}, key: ${simulator.keyFile}`
  writeFileSync(
    config,
    `nodes:
  node1: { ${access}, passphraseEnv: PHRASE }
  wrong: { ${access}, passphraseEnv: WEB }
  dead: { host: 127.0.0.1, port: 1, key: ${simulator.keyFile}, passphraseEnv: PHRASE, watch: true }
web: { people: { ann: WEB }, port: 0 }
policy: { approvers: ['web:ann'] }
data: ${data.path}
`,
  )
  const env = { PHRASE: CANARIES.PHRASE, WEB: CANARIES.WEB, LANEKEEPER_LOG: 'trace' }
  const words = () => Object.values(CANARIES)
  try {
    const room = openRoom({ data: data.path, config, env })
    await askFor(room, '/pcie diagnose node1')
    for (const node of ['wrong', 'dead']) {
      room.say(`/pcie diagnose ${node}`)
      await room.until(`the trouble of ${node}`, ({ card }) => card.tone === 'danger' && card.title.includes(node), 60)
    }
    room.say(`/pcie diagnose ${'x'.repeat(300)}`)
    await expect.poll(() => room.events.some(({ event }) => event === 'file'), { timeout: 20_000 }).toBe(true)
    await room.kill()
    const said = everything(room, data.path)
    expect(said.length).toBeGreaterThan(5000)
    for (const word of words()) expect(said).not.toContain(word)

    const url = `postgres://bot:${CANARIES.DATABASE}@127.0.0.1:1/x?connect_timeout=1`
    const failed = openRoom({ data: data.path, config, env: { ...env, DATABASE_URL: url } })
    await new Promise((resolve) => setTimeout(resolve, 4000))
    await failed.kill()
    for (const word of words()) expect(everything(failed, data.path)).not.toContain(word)
  } finally {
    await simulator.close()
    data.remove()
  }
}, 120_000)
