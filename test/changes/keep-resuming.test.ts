import { expect, test } from 'vitest'
import { keepResuming } from '../../src/changes/keep-resuming.ts'

test('a store that is away is told of once, and so is its return; no look begins before the last is over', async () => {
  const said: string[] = []
  const note = (_: object, words: string) => void said.push(words)
  const stop = new AbortController()
  let [looks, atOnce, most] = [0, 0, 0]
  const resume = async () => {
    looks += 1
    atOnce += 1
    most = Math.max(most, atOnce)
    await new Promise((resolve) => setTimeout(resolve, 5))
    atOnce -= 1
    if (looks === 8) stop.abort()
    if (looks > 2 && looks < 6) throw new Error('the database is away')
  }
  await keepResuming({ resume }, 1, { info: note, warn: note }, stop.signal)
  expect(said).toEqual(['the changes could not be read; this is tried again', 'the changes can be read again'])
  expect([looks, most]).toEqual([8, 1])
})
