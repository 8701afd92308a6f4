import { expect, test } from 'vitest'
import type { Change } from '../../src/changes/change.ts'
import { createRunner, type RunnerParts } from '../../src/changes/runner.ts'
import { aChange, OLD_BOOT, policy, T0 } from './a-change.ts'

/** A runner whose node still runs its old boot, with one change, and what came of it. */
function running(change: Change, parts: Partial<RunnerParts> = {}) {
  const live = new Map([[change.id, change]])
  const closed: string[] = []
  const never = async () => {
    throw new Error('not expected here')
  }
  const runner = createRunner({
    store: {
      get: async (id) => live.get(id),
      put: async (next) => void live.set(next.id, next),
      list: async () => [...live.values()],
      remove: async (id) => void live.delete(id),
    },
    history: { append: async ({ id, state }) => void closed.push(`${id} ${state}`) },
    audit: async () => undefined,
    tell: { changed: () => undefined, hearOut: async () => undefined, rescue: never },
    hands: {
      boot: async () => ({ id: OLD_BOOT, words: ['ro', 'quiet'] }),
      ...{ restart: never, standDown: never, arm: never, keep: never, mend: never, takeBack: never },
    },
    eyes: { look: never, replan: never },
    uncured: () => [],
    regrouping: () => [],
    closedGates: async () => [],
    policy,
    policyFor: async () => ({ policy: policy(), untold: [] }),
    frozen: async () => undefined,
    now: () => new Date(Date.parse(T0) + 1000),
    pause: () => Promise.resolve(),
    trouble: () => undefined,
    ...parts,
  })
  return { runner, live, closed }
}

test('what was done while the bot is stopped is on disk: nothing that was cleared away is started by its next life', async () => {
  const clearing = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const never = async () => {
    throw new Error('not expected here')
  }
  const { runner, live, closed } = running(aChange('armed', { since: T0 }), {
    frozen: async () => 'ann froze all changes',
    hands: {
      boot: async () => ({ id: OLD_BOOT, words: ['ro', 'quiet'] }),
      standDown: async () => {
        begun.resolve()
        await clearing.promise
        return []
      },
      ...{ restart: never, arm: never, keep: never, mend: never, takeBack: never },
    },
  })
  await runner.resume()
  await begun.promise
  const stopping = runner.stop()
  clearing.resolve()
  await stopping
  expect([[...live], closed]).toEqual([[], ['c1 closed']])
})

test('a change that is closed while the clock ticks is brought away once', async () => {
  const appending = Promise.withResolvers<void>()
  const closed: string[] = []
  const { runner } = running(aChange('proposed'), {
    history: {
      append: async ({ id }) => {
        closed.push(id)
        await appending.promise
      },
    },
  })
  const cancelled = runner.apply('c1', () => ({ type: 'cancelled', by: 'ann' }), 'console:ann')
  await expect.poll(() => closed).toHaveLength(1)
  await runner.resume()
  await new Promise((resolve) => setTimeout(resolve, 20))
  appending.resolve()
  await cancelled
  await runner.settled()
  expect(closed).toEqual(['c1'])
})

test('a store that is away ends no driver for good, and no process', async () => {
  let away = true
  const lost: unknown[] = []
  const told = (error: unknown) => void lost.push(error)
  process.on('unhandledRejection', told)
  const change = aChange('closed')
  const live = new Map<string, Change>([[change.id, change]])
  const { runner } = running(change, {
    store: {
      get: async (id) => {
        if (away) throw new Error('the database cannot be reached')
        return live.get(id)
      },
      put: async () => undefined,
      list: async () => [...live.values()],
      remove: async (id) => void live.delete(id),
    },
  })
  await runner.resume()
  await runner.settled()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(lost).toEqual([])
  away = false
  await runner.resume()
  await runner.settled()
  expect([...live]).toEqual([])
  process.off('unhandledRejection', told)
})
