import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createHistory } from '../../src/store/history.ts'
import { folder, smallDisk } from './folder.ts'
import { killAgainAndAgain } from './kill.ts'

const Entry = z.object({ n: z.number(), text: z.string() })
const open = (file: string) => {
  const reports: string[] = []
  return { history: createHistory(file, Entry, (says) => reports.push(says)), reports }
}

describe('the history', () => {
  test('the newest come first, by number and by what is asked for', async () => {
    const { history } = open(join(folder(), 'new', 'history.jsonl'))
    expect(await history.last(3)).toEqual([])
    await Promise.all([1, 2, 3, 4, 5].map((n) => history.append({ n, text: `t${n % 2}` })))
    expect((await history.last(2)).map(({ n }) => n)).toEqual([5, 4])
    expect((await history.last(9)).map(({ n }) => n)).toEqual([5, 4, 3, 2, 1])
    expect((await history.last(2, ({ text }) => text === 't1')).map(({ n }) => n)).toEqual([5, 3])
    expect(await history.last(0)).toEqual([])
  })

  test('what is brought again after a crash is there once', async () => {
    const file = join(folder(), 'history.jsonl')
    for (const n of [1, 2, 2]) await open(file).history.append({ n, text: 'x' })
    const { history } = open(file)
    for (const n of [1, 3, 3]) await history.append({ n, text: 'x' })
    expect((await history.last(9)).map(({ n }) => n)).toEqual([3, 2, 1])
    expect((await open(file).history.last(9)).map(({ n }) => n)).toEqual([3, 2, 1])
  })

  test('any entries come back as they were, however long the lines', async () => {
    const home = folder()
    let files = 0
    const texts = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.nat(200_000).map((n) => 'ü\n'.repeat(n)),
      ),
      { maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const { history, reports } = open(join(home, `${files++}.jsonl`))
        const entries = all.map((text, n) => ({ n, text: text.toWellFormed() }))
        for (const entry of entries) await history.append(entry)
        expect(await history.last(99)).toEqual(entries.toReversed())
        expect(reports).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  test('reading the last does not depend on age', async () => {
    const file = join(folder(), 'history.jsonl')
    writeFileSync(file, `${JSON.stringify({ n: 0, text: 'x'.repeat(1000) })}\n`.repeat(50_000))
    const { history } = open(file)
    const start = performance.now()
    expect(await history.last(5)).toHaveLength(5)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('a last line cut by a crash is reported once, left out, and the next entry starts a new line', async () => {
    const file = join(folder(), 'history.jsonl')
    const { history, reports } = open(file)
    await history.append({ n: 1, text: 'one' })
    await history.append({ n: 2, text: 'two' })
    truncateSync(file, readFileSync(file).length - 5)
    expect((await history.last(9)).map(({ n }) => n)).toEqual([1])
    await history.append({ n: 3, text: 'three' })
    expect((await history.last(9)).map(({ n }) => n)).toEqual([3, 1])
    expect(reports).toEqual([expect.stringContaining('cannot be read')])
  })

  test('a line that somebody has spoiled costs only itself', async () => {
    const file = join(folder(), 'history.jsonl')
    const { history, reports } = open(file)
    await history.append({ n: 1, text: 'one' })
    appendFileSync(file, 'null\n\n{"n":"x"}\n')
    await history.append({ n: 2, text: 'two' })
    expect((await history.last(9)).map(({ n }) => n)).toEqual([2, 1])
    expect(reports).toHaveLength(3)
  })

  test('a full disk refuses the entry and leaves no half of it', async () => {
    const disk = smallDisk(64)
    if (!disk) return console.warn('SKIPPED: not allowed to mount a tmpfs, so a full disk was not tried')
    const { history, reports } = open(join(disk, 'history.jsonl'))
    await history.append({ n: 1, text: 'one' })
    await expect(history.append({ n: 2, text: 'x'.repeat(100_000) })).rejects.toMatchObject({ code: 'ENOSPC' })
    await history.append({ n: 2, text: 'two' })
    expect((await history.last(9)).map(({ n }) => n)).toEqual([2, 1])
    expect(reports).toEqual([])
  })

  test('a writer killed at any moment loses nothing that it had confirmed', async () => {
    const file = join(folder(), 'history.jsonl')
    const read = async () => (await open(file).history.last(1))[0]?.n ?? 0
    expect(await killAgainAndAgain('history', file, 10, read)).toBeGreaterThan(10)
  }, 60_000)
})
