import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scenarios } from '../../src/simulator/scenario.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { createHostKeyFile } from '../../src/store/host-key-file.ts'
import { tool } from '../tool.ts'
import { askFor, dataFolder, openRoom, shows } from './room.ts'

test.skipIf(!tool('strace'))(
  'the changing key is not opened before an approval: as the kernel saw it',
  async () => {
    const data = dataFolder()
    const simulator = await startSimulator(data.path, {
      played: scenarios.slice(0, 1),
      pace: { boot: 300, second: 20 },
    })
    const [one] = simulator.nodes
    if (!one) throw new Error('nothing is simulated')
    await createHostKeyFile(join(data.path, 'host-keys.json')).pin('node1', one.server.hostKey)
    const [look, change, trace, config] = ['look-key', 'change-key', 'trace', 'lanekeeper.yaml'].map((name) =>
      join(data.path, name),
    )
    for (const key of [look, change]) copyFileSync(simulator.keyFile, key ?? '')
    writeFileSync(
      config ?? '',
      `nodes: { node1: { host: 127.0.0.1, port: ${one.server.port}, key: ${look}, changeKey: ${change} } }
http: false
console: { people: [ann, bob] }
policy: { approvers: ['console:bob'], stability: 1, settle: 60, guardDeadline: 900, rebootDeadline: 120 }
data: ${data.path}
`,
    )
    const under = ['strace', '-f', '-qq', '-e', 'trace=open,openat,openat2', '-o', trace ?? '']
    const room = openRoom({ data: data.path, config: config ?? '', under })
    const opened = (key = '') => readFileSync(trace ?? '', 'utf8').includes(`"${key}"`)
    try {
      const { message, change: id } = await askFor(room, '/pcie diagnose node1', 90)
      room.say('/pcie topology node1')
      await room.until('the picture', ({ event }) => event === 'file', 60)
      expect([opened(look), opened(change)]).toEqual([true, false])
      // Not by somebody who may not approve, either.
      room.say(`+ ${message}`)
      await room.until('the refusal', ({ event, to }) => event === 'whisper' && to === 'console:ann', 60)
      expect(opened(change)).toBe(false)
      room.say('/as bob')
      room.say(`+ ${message}`)
      const end = await room.until('the end', shows('closed', id), 120)
      expect(end.card.title).toContain('kept')
      expect(opened(change)).toBe(true)
    } finally {
      await room.end()
      await simulator.close()
      data.remove()
    }
  },
  300_000,
)
