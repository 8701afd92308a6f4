import { expect, test } from 'vitest'
import { createLanes } from '../../src/chat/lanes.ts'

const quick = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms / 500)
  return () => clearTimeout(timer)
}

test('a lane in which nothing happens any more is forgotten, also after trouble; one that waits is not', async () => {
  let down = true
  const lanes = createLanes(() => undefined, quick)
  const said: string[] = []
  await Promise.all(
    Array.from({ length: 1000 }, (_, n) => lanes.converge(`lane ${n}`, async () => void said.push(`${n}`))),
  )
  await expect(lanes.once('other', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await expect.poll(() => lanes.size()).toBe(0)
  void lanes.converge('slow', async () => {
    if (down) throw new Error('down')
    said.push('slow')
  })
  await expect.poll(() => lanes.size()).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(lanes.size()).toBe(1)
  down = false
  await expect.poll(() => said.at(-1)).toBe('slow')
  await expect.poll(() => lanes.size()).toBe(0)
  expect(said).toHaveLength(1001)
})

test('a chat that is away for hours is told all the same when it is back', async () => {
  let waited = 0
  const at = (ms: number, run: () => void) => {
    waited += ms
    setImmediate(run)
    return () => undefined
  }
  const lanes = createLanes(() => undefined, at)
  const hours = 10 * 3_600_000
  let told = false
  void lanes.converge('card', async () => {
    if (waited < hours) throw new Error('away')
    told = true
  })
  await expect.poll(() => told).toBe(true)
  expect(waited).toBeLessThan(hours + 120_000)
})

test('jobs of one lane never overlap, and come in order, whatever happens to the lane in between', async () => {
  const lanes = createLanes(() => undefined, quick)
  const order: number[] = []
  let open = 0
  const job = (n: number) => async () => {
    expect(++open).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, n % 3))
    open--
    order.push(n)
  }
  for (let n = 0; n < 30; n++) {
    void lanes.once('one', job(n))
    if (n % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await lanes.stop(5_000_000)
  expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n))
})
