import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { aChange } from '../changes/a-change.ts'
import { openRoom, type RoomEvent } from '../journeys/room.ts'
import { median, type Row } from './figures.ts'

const ROUNDS = 5
const rows: Row[] = []
afterAll(() => console.table(rows))

/** Seconds until the program is up, and from a question to the card that asks for approval (which looks through the history). */
async function one(data: string): Promise<{ up: number; look: number }> {
  const began = performance.now()
  const room = openRoom({ data, cwd: data })
  room.say('/pcie nodes')
  await room.until('the list', ({ card }) => card.title === '11 nodes', 60)
  const up = performance.now()
  const look = async (): Promise<number> => {
    const from = room.events.length
    const asked = performance.now()
    room.say('/pcie diagnose node3')
    const fits = ({ card }: RoomEvent) => card.asks === 'approval'
    await room.until('the card', (event) => room.events.indexOf(event) >= from && fits(event), 60)
    return performance.now() - asked
  }
  // The first one compiles.
  await look()
  const took = []
  for (let times = 0; times < 5; times++) took.push(await look())
  await room.end()
  return { up: (up - began) / 1000, look: median(took) / 1000 }
}

test('a history of a hundred thousand changes, beside an empty one', async () => {
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'lanekeeper-bench-')))
  const [empty = '', full = ''] = folders
  const file = createWriteStream(join(full, 'history.jsonl'))
  for (let n = 0; n < 100_000; n++)
    if (!file.write(`${JSON.stringify({ ...aChange('closed', { id: `c${n}` }), away: null })}\n`))
      await once(file, 'drain')
  file.end()
  await once(file, 'close')
  const took: { up: number; look: number }[][] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    took[0]?.push(await one(empty))
    took[1]?.push(await one(full))
  }
  expect(took.map((all) => all.length)).toEqual([ROUNDS, ROUNDS])
  for (const [figure, of] of [
    ['start-up', 'up'],
    ['a diagnosis', 'look'],
  ] as const) {
    const [without = 0, kept = 0] = took.map((all) => median(all.map((each) => each[of])))
    rows.push({
      figure: `${figure}, 100,000 changes kept`,
      ours: `${kept.toFixed(2)} s`,
      beside: `none: ${without.toFixed(2)} s`,
      ratio: (kept / without).toFixed(2),
      goal: 'no slower',
      met: kept < without * 1.1,
    })
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
