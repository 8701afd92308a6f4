import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { dataFolder, openRoom, type Room } from '../journeys/room.ts'
import type { LabNode } from './node.ts'

interface Ended {
  stdout: string
  stderr: string
  code: number
}

/** The bot with a configuration for one lab node, called node3. */
export interface Bot {
  room: Room
  /** A new process on the same data folder. */
  again(): Room
  /** Any other command of the program: its output and exit status. */
  run(...words: string[]): Promise<Ended>
  /** The same with a configuration of its own, which is given as it stands, and the data folder of this bot. */
  runWith(yaml: string, ...words: string[]): Promise<Ended>
  /** The folder of what it keeps. */
  readonly data: string
  /** Replays a capture, which takes no configuration. */
  replay(...words: string[]): Promise<Ended>
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../..')

/** Writes a configuration as a person would, trusts the node's host key, and starts the bot. */
export async function startBot(node: LabNode, policy: Record<string, number | string> = {}): Promise<Bot> {
  const data = dataFolder()
  const config = join(data.path, 'lanekeeper.yaml')
  const rules = { guardDeadline: 300, rebootDeadline: 400, settle: 120, stability: 5, ...policy }
  writeFileSync(
    config,
    `nodes:
  node3: { host: ${node.host}, port: ${node.port}, user: ${node.user}, key: ${node.keyFile}, watch: true }
  as-lk: { host: ${node.host}, port: ${node.port}, user: lk, sudo: true, key: ${node.keyFile} }
  as-nosudo: { host: ${node.host}, port: ${node.port}, user: nosudo, sudo: true, key: ${node.keyFile} }
  not-trusted: { host: ${node.host}, port: ${node.port}, user: root, key: ${node.keyFile} }
  nobody-there: { host: ${node.host}, port: 1, user: root, key: ${node.keyFile} }
console: { people: [operator, approver, stranger] }
policy:
  approvers: ['console:approver']
${Object.entries(rules)
  .map(([key, value]) => `  ${key}: ${value}`)
  .join('\n')}
data: ${data.path}
`,
  )
  const lanekeeper = (...words: string[]) =>
    promisify(execFile)(join(root, 'node_modules/.bin/node'), [join(root, 'src/cli.ts'), ...words], {
      env: { ...process.env, LANEKEEPER_DATA: data.path },
      maxBuffer: 64 * 1024 * 1024,
    }).then(
      ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
      ({ stdout, stderr, code }: Ended) => ({ stdout, stderr, code }),
    )
  const run: Bot['run'] = (...words) => lanekeeper(...words, '--config', config)
  for (const name of ['node3', 'as-lk', 'as-nosudo']) {
    const trusted = await run('trust', name, '--yes')
    if (trusted.code !== 0) throw new Error(`trust ${name}: ${trusted.stderr}`)
  }
  const bot: Bot = {
    room: openRoom({ data: data.path, config }),
    again: () => {
      bot.room = openRoom({ data: data.path, config })
      return bot.room
    },
    run,
    data: data.path,
    runWith(yaml, ...words) {
      const other = join(data.path, 'other.yaml')
      writeFileSync(other, yaml)
      return lanekeeper(...words, '--config', other)
    },
    replay: (...words) => lanekeeper('replay', ...words),
    async close() {
      await bot.room.kill()
      data.remove()
    },
  }
  return bot
}
