import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scenarios } from '../../src/simulator/scenario.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { createHostKeyFile } from '../../src/store/host-key-file.ts'
import { askFor, dataFolder, openRoom, type Room, shows } from './room.ts'

let data: ReturnType<typeof dataFolder>
let room: Room
let close: () => Promise<void>
let config: string

/** The program with a configuration, on one simulated node that stands for a real one. */
beforeEach(async () => {
  data = dataFolder()
  const played = scenarios.slice(0, 1).map((scenario) => ({ ...scenario, node: 'node1' }))
  const simulator = await startSimulator(data.path, { played, pace: { boot: 200, second: 20 } })
  close = simulator.close
  const [one] = simulator.nodes
  if (!one) throw new Error('nothing is simulated')
  await createHostKeyFile(join(data.path, 'host-keys.json')).pin('node1', one.server.hostKey)
  config = join(data.path, 'lanekeeper.yaml')
  writeFileSync(
    config,
    `nodes: { node1: { host: 127.0.0.1, port: ${one.server.port}, key: ${simulator.keyFile}, watch: true } }
http: { port: 0 }
console: { people: [ann, bob] }
policy: { approvers: ['console:bob'], stability: 1, settle: 20, guardDeadline: 2000, rebootDeadline: 60 }
data: ${data.path}
`,
  )
  room = openRoom({ data: data.path, config })
})
afterEach(async () => {
  await room.kill()
  await close()
  data.remove()
})

test('health and metrics are served, and every look and every step stands in the log under the id its card shows', async () => {
  const lines = () =>
    room
      .log()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  const found = () => /"at":"([^"]+)"/.exec(room.log())?.[1]
  await expect.poll(found, { timeout: 20_000 }).toBeTruthy()
  const address = found()
  const health = async () => {
    const answer = await fetch(`${address}healthz`)
    return { code: answer.status, ...((await answer.json()) as Record<string, unknown>) }
  }
  await expect.poll(health, { timeout: 10_000 }).toMatchObject({ watched: [1, 1] })

  const { message, change, text } = await askFor(room, '/pcie diagnose node1')
  const look = /diagnosis (d\w+)/.exec(text)?.[1]
  expect(lines()).toContainEqual(
    expect.objectContaining({ diagnosis: look, node: 'node1', verdict: 'broken', cause: 'iommu-off' }),
  )
  room.say('/as bob')
  room.say(`+ ${message}`)
  const end = await room.until('kept', shows('closed', change), 60)
  expect(end.card.title).toContain('kept')
  const states = lines()
    .filter((line) => line.change === change)
    .map(({ state }) => state)
  expect(states).toEqual(['proposed', 'approved', 'arming', 'armed', 'rebooting', 'verifying', 'committing', 'closed'])

  const well = { code: 200, status: 'ok', chats: { console: 'connected' }, store: 'ok', changes: 0 }
  await expect.poll(health, { timeout: 10_000 }).toMatchObject(well)
  const metrics = await (await fetch(`${address}metrics`)).text()
  expect(metrics).toContain('lanekeeper_changes_closed_total{outcome="done"} 1')
  expect(metrics).toMatch(/lanekeeper_diagnosis_seconds_count\{verdict="broken"\} 1/)
})

test('ended with SIGTERM in the middle of a change it stops in order, and the next start brings the change to its end', async () => {
  const { message, change } = await askFor(room, '/pcie diagnose node1')
  room.say('/as bob')
  room.say(`+ ${message}`)
  await room.until('it reboots', shows('rebooting', change), 60)
  const began = Date.now()
  expect(await room.terminate()).toBe(0)
  expect(Date.now() - began).toBeLessThan(20_000)
  expect(room.log()).not.toMatch(/internal error|"level":60/)
  room = openRoom({ data: data.path, config })
  const end = await room.until('kept', shows('closed', change), 60)
  expect(end.card.title).toContain('kept')
})
