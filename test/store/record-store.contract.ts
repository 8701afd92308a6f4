import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { RecordStore } from '../../src/store/record-store.ts'

/** What the tests store. */
export const Note = z.strictObject({ id: z.string(), version: z.int(), says: z.string(), tags: z.array(z.string()) })
export type Note = z.infer<typeof Note>
export const note = (id: string, version: number, says = 'hello'): Note => ({ id, version, says, tags: ['a'] })

/** What every record store promises. */
export const recordStoreContract = (name: string, make: () => Promise<RecordStore<Note>>) =>
  describe(`${name} keeps the contract of record stores`, () => {
    test('what was put is there; what was not is undefined', async () => {
      const store = await make()
      expect(await store.list()).toEqual([])
      await store.put(note('c1', 1))
      await store.put(note('c2', 0))
      expect(await store.get('c1')).toEqual(note('c1', 1))
      expect(await store.get('c3')).toBeUndefined()
      expect(await store.get('__proto__')).toBeUndefined()
      expect(await store.list()).toEqual([note('c1', 1), note('c2', 0)])
    })

    test('only the next version is taken', async () => {
      const store = await make()
      await store.put(note('c1', 1))
      for (const version of [-1, 0, 1, 3])
        await expect(store.put(note('c1', version, 'stale'))).rejects.toMatchObject({ code: 'store-invalid' })
      await expect(store.put(note('new', 2))).rejects.toMatchObject({ code: 'store-invalid' })
      await store.put(note('c1', 2, 'next'))
      expect(await store.get('c1')).toEqual(note('c1', 2, 'next'))
    })

    test('of two that put the same version at once, one wins and the other is told', async () => {
      const store = await make()
      await store.put(note('c1', 1))
      const both = await Promise.allSettled([store.put(note('c1', 2, 'one')), store.put(note('c1', 2, 'two'))])
      expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
      expect(await store.get('c1')).toEqual(note('c1', 2, 'one'))
    })

    test('what the schema does not know is refused, and nothing changes', async () => {
      const store = await make()
      await store.put(note('c1', 1))
      const wrong = { ...note('c1', 2), says: 7 } as unknown as Note
      await expect(store.put(wrong)).rejects.toMatchObject({
        code: 'store-invalid',
        message: expect.stringContaining('says'),
      })
      expect(await store.list()).toEqual([note('c1', 1)])
    })

    test('changing what was put or got does not change what is kept', async () => {
      const store = await make()
      const mine = note('c1', 1)
      const putting = store.put(mine)
      mine.tags.push('later')
      await putting
      ;(await store.get('c1'))?.tags.push('more')
      ;(await store.list())[0]?.tags.push('most')
      expect(await store.get('c1')).toEqual(note('c1', 1))
    })

    test('what was removed is gone and may come again; removing nothing is no error', async () => {
      const store = await make()
      await store.put(note('c1', 1))
      await store.remove('c1')
      await store.remove('c1')
      expect(await store.list()).toEqual([])
      await store.put(note('c1', 1, 'again'))
      expect(await store.get('c1')).toEqual(note('c1', 1, 'again'))
    })

    test('many at once all arrive, in order', async () => {
      const store = await make()
      await Promise.all(Array.from({ length: 50 }, (_, n) => store.put(note(`c${n}`, 1))))
      expect((await store.list()).map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => `c${n}`))
    })
  })
