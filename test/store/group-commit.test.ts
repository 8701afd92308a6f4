import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createGroupCommit } from '../../src/store/group-commit.ts'

const disk = (fails: () => boolean = () => false) => {
  const held = { state: [] as readonly number[], writes: 0 }
  const write = createGroupCommit<readonly number[]>(
    () => held.state,
    async (next) => {
      await sleep(1)
      held.writes++
      if (fails()) throw new Error('the disk is full')
      held.state = next
    },
  )
  return { held, write, add: (n: number) => write((all) => [...all, n]) }
}

test('a thousand changes at once are a few writes, in order, and each is durable when it resolves', async () => {
  const { held, add } = disk()
  const numbers = Array.from({ length: 1000 }, (_, n) => n)
  await Promise.all(numbers.map((n) => add(n).then(() => expect(held.state).toContain(n))))
  expect(held.state).toEqual(numbers)
  expect(held.writes).toBeLessThan(5)
})

test('a change that throws fails alone', async () => {
  const { held, add, write } = disk()
  const results = await Promise.allSettled([
    add(1),
    write(() => {
      throw new Error('not this one')
    }),
    add(2),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(held.state).toEqual([1, 2])
})

test('a write that fails, fails all that were in it, and leaves what was durable', async () => {
  let full = false
  const { held, add } = disk(() => full)
  await add(1)
  full = true
  const results = await Promise.allSettled([add(2), add(3)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(held.state).toEqual([1])
  full = false
  await add(4)
  expect(held.state).toEqual([1, 4])
})

test('what changes nothing is not written', async () => {
  const { held, write } = disk()
  await write((all) => all)
  expect(held.writes).toBe(0)
})
