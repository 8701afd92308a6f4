import { expect, test } from 'vitest'
import { createFreezer, Freeze } from '../../src/changes/freeze.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { actor } from './a-change.ts'

function frozen() {
  const audited: string[] = []
  let at = Date.parse('2026-11-22T09:00:00Z')
  const store = createMemoryStore(Freeze)
  const freezer = createFreezer({
    store,
    audit: async ({ actor: who, act, detail }) => void audited.push(`${who} ${act} ${detail}`.trim()),
    now: () => new Date(at),
  })
  return { freezer, store, audited, wait: (seconds: number) => (at += seconds * 1000) }
}

test('holds until its end, or until it is thawed, and says who froze', async () => {
  const { freezer, wait, audited } = frozen()
  expect(await freezer.why()).toBeUndefined()
  await freezer.freeze(actor('ann'), 3600)
  expect(await freezer.why()).toBe('ann (console:ann) froze all changes until 2026-11-22 10:00 UTC or /pcie thaw')
  wait(3599)
  expect(await freezer.why()).toBeDefined()
  wait(1)
  expect(await freezer.why()).toBeUndefined()
  await freezer.freeze(actor('bob'), null)
  wait(10 * 86_400)
  expect(await freezer.why()).toBe('bob (console:bob) froze all changes until /pcie thaw')
  expect(await freezer.thaw(actor('ann'))).toBe(true)
  expect(await freezer.why()).toBeUndefined()
  expect(await freezer.thaw(actor('ann'))).toBe(false)
  expect(audited).toEqual([
    'console:ann frozen until 2026-11-22T10:00:00.000Z',
    'console:bob frozen until thawed',
    'console:ann thawed',
    'console:ann thawed',
  ])
})

test.each<[string, number | null, number | null, string]>([
  ['a longer one takes the place of the old one', 60, 3600, 'bob'],
  ['one without an end takes the place of one with an end', 60, null, 'bob'],
  ['a shorter one shortens nothing: that would be a thaw', 3600, 1, 'ann'],
  ['one with an end ends none without', null, 1, 'ann'],
])('of two freezes, %s', async (_, old, young, holder) => {
  const { freezer, wait, audited } = frozen()
  await freezer.freeze(actor('ann'), old)
  await freezer.freeze(actor('bob'), young)
  expect(await freezer.why()).toContain(holder)
  expect(audited.map((line) => line.split(' ', 2).join(' '))).toEqual(['console:ann frozen', 'console:bob frozen'])
  wait(2)
  expect(await freezer.why()).toContain(holder)
})

test('one that is over holds nobody up', async () => {
  const { freezer, wait } = frozen()
  await freezer.freeze(actor('ann'), 60)
  wait(61)
  await freezer.freeze(actor('bob'), 1)
  expect(await freezer.why()).toContain('bob')
})

test('no audit line, no freeze and no thaw', async () => {
  const { store } = frozen()
  const mute = createFreezer({
    store,
    audit: async () => {
      throw new Error('disk full')
    },
    now: () => new Date(0),
  })
  await expect(mute.freeze(actor('ann'), null)).rejects.toThrow('disk full')
  expect(await store.get('freeze')).toBeUndefined()
})
