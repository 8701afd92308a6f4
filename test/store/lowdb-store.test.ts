import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLowdbStore } from '../../src/store/lowdb-store.ts'
import { folder, smallDisk } from './folder.ts'
import { killAgainAndAgain } from './kill.ts'
import { Note, note, recordStoreContract } from './record-store.contract.ts'

recordStoreContract('the lowdb store', () => createLowdbStore(join(folder(), 'notes.json'), Note))

describe('the lowdb store', () => {
  test('a new start finds what was put, and nothing else lies in the folder', async () => {
    const home = folder()
    const file = join(home, 'state', 'notes.json')
    const store = await createLowdbStore(file, Note)
    await store.put(note('c1', 1))
    await store.put(note('c1', 2, 'zwei ✅'))
    const again = await createLowdbStore(file, Note)
    expect(await again.list()).toEqual([note('c1', 2, 'zwei ✅')])
    await again.put(note('c1', 3))
    expect(readdirSync(join(home, 'state'))).toEqual(['notes.json'])
  })

  test.each([
    ['broken JSON', '[{"id": "c1", "ver', 'is not JSON'],
    ['nothing at all', '', 'is not JSON'],
    ['another shape', '{}', 'expected array'],
    ['a wrong field', JSON.stringify([{ ...note('c1', 1), tags: ['a', 5] }]), '[0].tags[1]'],
    ['one id twice', JSON.stringify([note('c1', 1), note('c1', 2)]), 'c1 is there twice'],
  ])('a file with %s is named, and left as it is', async (_, text, says) => {
    const file = join(folder(), 'notes.json')
    writeFileSync(file, text)
    const opening = createLowdbStore(file, Note)
    await expect(opening).rejects.toMatchObject({
      code: 'store-invalid',
      hint: expect.stringContaining('left as it is'),
    })
    await expect(opening).rejects.toThrow(file)
    await expect(opening).rejects.toThrow(says)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('a full disk keeps the old state, in memory and in the file, and goes on when there is room', async () => {
    const disk = smallDisk(64)
    if (!disk) return console.warn('SKIPPED: not allowed to mount a tmpfs, so a full disk was not tried')
    const file = join(disk, 'notes.json')
    const store = await createLowdbStore(file, Note)
    await store.put(note('c1', 1))
    const before = readFileSync(file, 'utf8')
    writeFileSync(join(disk, 'filler'), 'x'.repeat(40_000))
    await expect(store.put(note('c2', 1, 'y'.repeat(50_000)))).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(await store.list()).toEqual([note('c1', 1)])
    expect(readFileSync(file, 'utf8')).toBe(before)
    rmSync(join(disk, 'filler'))
    await store.put(note('c1', 2))
    expect(await (await createLowdbStore(file, Note)).list()).toEqual([note('c1', 2)])
    expect(readdirSync(disk)).toEqual(['notes.json'])
  })

  test('a writer killed at any moment leaves a readable store with all that it had confirmed', async () => {
    const file = join(folder(), 'notes.json')
    const confirmed = await killAgainAndAgain('lowdb', file, 15, async () => {
      const [kept] = await (await createLowdbStore(file, Note)).list()
      return kept?.version ?? 0
    })
    expect(confirmed).toBeGreaterThan(15)
  }, 60_000)
})
