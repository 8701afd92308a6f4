import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHeldBack } from '../../src/fleet/held-back.ts'

const clock = (start = 0) => {
  const at = { ms: start }
  return { at, now: () => new Date(at.ms) }
}

test('in the quiet hours nothing is told; afterwards the newest of each, once', async () => {
  const { at, now } = clock()
  const told: string[] = []
  const held = createHeldBack({ isQuiet: (when) => when.getTime() < 1000, perHour: 9 }, now)
  for (const says of ['first', 'second']) await held.tell('n1', 'vm:101', async () => void told.push(says))
  await held.tell('n1', 'vm:102', async () => void told.push('other'))
  expect(told).toEqual([])
  expect(held.waiting()).toBe(2)
  at.ms = 1000
  await held.release()
  await held.release()
  expect(told).toEqual(['second', 'other'])
  expect(held.waiting()).toBe(0)
})

test('what could not be told is told later', async () => {
  const { now } = clock()
  let broken = true
  const told: string[] = []
  const troubles: string[] = []
  const trouble = (node: string, error: unknown) => void troubles.push(`${node}: ${error}`)
  const held = createHeldBack({ isQuiet: () => false, perHour: 9 }, now, trouble)
  const job = async () => {
    if (broken) throw new Error('no chat')
    told.push('said')
  }
  await expect(held.tell('n1', 'vm:101', job)).rejects.toThrow('no chat')
  await held.release()
  expect(troubles).toEqual(['n1: Error: no chat'])
  broken = false
  await held.release()
  expect(told).toEqual(['said'])
})

test('of no node more is told in an hour than is allowed, and nothing is lost', async () => {
  const acts = fc.array(fc.record({ node: fc.constantFrom('a', 'b'), key: fc.nat(20), minutes: fc.nat(40) }))
  await fc.assert(
    fc.asyncProperty(acts, fc.integer({ min: 1, max: 4 }), async (list, perHour) => {
      const { at, now } = clock()
      const told: { node: string; key: number; at: number }[] = []
      const held = createHeldBack({ isQuiet: () => false, perHour }, now)
      for (const { node, key, minutes } of list) {
        at.ms += minutes * 60_000
        await held.tell(node, String(key), async () => void told.push({ node, key, at: at.ms }))
      }
      for (let hour = 0; hour < 30; hour++) {
        at.ms += 3_600_000
        await held.release()
      }
      for (const { node, at: when } of told) {
        const near = told.filter((one) => one.node === node && one.at > when - 3_600_000 && one.at <= when)
        expect(near.length).toBeLessThanOrEqual(perHour)
      }
      for (const { node, key } of list) expect(told.some((one) => one.node === node && one.key === key)).toBe(true)
    }),
  )
})
