import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createAudit } from '../src/audit.ts'
import type { Audit } from '../src/store/audit-port.ts'
import { folder } from './store/folder.ts'

const now = () => new Date('2026-11-22T12:00:00Z')
const open = (file: string): Audit => createAudit(file, { now })
const fill = async (file: string, lines: number) => {
  for (let n = 1; n <= lines; n++)
    await open(file).append({
      actor: 'slack:U1',
      act: 'approve',
      node: 'pve1',
      change: `c${n}`,
      detail: { says: 'ja ✅ \ufffd', n },
    })
}
const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1)
const write = (file: string, lines: string[]) => writeFileSync(file, lines.map((line) => `${line}\n`).join(''))

describe('the audit', () => {
  test('every line carries the hash of the one before', async () => {
    const file = join(folder(), 'state', 'audit.jsonl')
    expect(await open(file).verify()).toEqual({ ok: true, lines: 0 })
    await fill(file, 3)
    const [one, two, three] = linesOf(file).map((line) => JSON.parse(line))
    expect(one).toMatchObject({
      n: 1,
      prev: '0'.repeat(64),
      actor: 'slack:U1',
      act: 'approve',
      node: 'pve1',
      at: '2026-11-22T12:00:00.000Z',
    })
    expect([two.prev, three.prev]).toEqual([one.hash, two.hash])
    expect(await open(file).verify()).toEqual({ ok: true, lines: 3 })
  })

  test('the last lines are read from the end; a changed one is an error, the beginning of one that a crash left is none', async () => {
    const file = join(folder(), 'audit.jsonl')
    expect(await open(file).last(3)).toEqual([])
    await fill(file, 5)
    const last = await open(file).last(2)
    expect(last.map(({ n, change, actor, at }) => [n, change, actor, at])).toEqual([
      [5, 'c5', 'slack:U1', '2026-11-22T12:00:00.000Z'],
      [4, 'c4', 'slack:U1', '2026-11-22T12:00:00.000Z'],
    ])
    expect(last[0]?.detail).toEqual({ says: 'ja ✅ \ufffd', n: 5 })
    expect(await open(file).last(100)).toHaveLength(5)
    appendFileSync(file, '{"actor":"hal')
    expect((await open(file).last(1)).map(({ n }) => n)).toEqual([5])
    write(file, linesOf(file).with(4, (linesOf(file)[4] ?? '').replace('c5', 'c6')))
    await expect(open(file).last(2)).rejects.toMatchObject({ code: 'audit-broken' })
  })

  test('an entry cannot pass itself off as another place in the chain', async () => {
    const file = join(folder(), 'audit.jsonl')
    await open(file).append({ actor: 'x', act: 'y', n: 9, prev: 'z', hash: 'h', at: 'never' } as never)
    expect(JSON.parse(linesOf(file)[0] ?? '')).toMatchObject({ n: 1, prev: '0'.repeat(64), at: now().toISOString() })
    expect(await open(file).verify()).toEqual({ ok: true, lines: 1 })
  })

  test('whatever the detail is, the line can be verified', async () => {
    const home = folder()
    let files = 0
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (detail) => {
        const file = join(home, `${files++}.jsonl`)
        await open(file).append({ actor: 'a', act: 'b', detail })
        expect(await open(file).verify()).toEqual({ ok: true, lines: 1 })
      }),
    )
  })

  test('many at once stay one chain', async () => {
    const file = join(folder(), 'audit.jsonl')
    const audit = open(file)
    await Promise.all(Array.from({ length: 20 }, (_, n) => audit.append({ actor: 'a', act: `act ${n}` })))
    expect(linesOf(file).map((line) => JSON.parse(line).act)).toEqual(Array.from({ length: 20 }, (_, n) => `act ${n}`))
    expect(await audit.verify()).toEqual({ ok: true, lines: 20 })
  })

  describe('of five lines', () => {
    let file: string
    let good: string[]
    let head: string
    beforeAll(async () => {
      const source = join('/tmp', `lanekeeper-audit-${process.pid}.jsonl`)
      await fill(source, 5)
      good = linesOf(source)
      head = readFileSync(`${source}.head`, 'utf8')
      rmSync(source)
      rmSync(`${source}.head`)
    })
    const spoil = async (lines: string[]) => {
      file = join(folder(), 'audit.jsonl')
      write(file, lines)
      writeFileSync(`${file}.head`, head)
      return open(file).verify()
    }

    test.each<[string, (lines: string[]) => string[], number]>([
      ['one removed', (lines) => lines.toSpliced(1, 1), 2],
      ['the first removed', (lines) => lines.slice(1), 1],
      ['two swapped', ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest], 2],
      ['one twice', (lines) => lines.toSpliced(2, 0, lines[1] ?? ''), 3],
      ['one inserted', (lines) => lines.toSpliced(2, 0, lines[2]?.replace('c3', 'c9') ?? ''), 3],
      ['the end cut off', (lines) => lines.slice(0, 3), 4],
      ['all cut off', () => [], 1],
      ['an empty line', (lines) => lines.toSpliced(2, 0, ''), 3],
    ])('%s: found', async (_, change, line) => {
      expect(await spoil(change(good))).toMatchObject({ ok: false, line })
    })

    test('any single byte changed, anywhere, is found, in the head as well', async () => {
      const home = folder()
      const path = join(home, 'audit.jsonl')
      const original = {
        [path]: Buffer.from(good.map((line) => `${line}\n`).join('')),
        [`${path}.head`]: Buffer.from(head),
      }
      const places = Object.entries(original).map(([name, bytes]) =>
        fc.record({ name: fc.constant(name), at: fc.nat(bytes.length - 1), flip: fc.integer({ min: 1, max: 255 }) }),
      )
      await fc.assert(
        fc.asyncProperty(fc.oneof(...places), async ({ name, at, flip }) => {
          for (const [each, bytes] of Object.entries(original)) {
            const spoiled = Buffer.from(bytes)
            if (each === name) spoiled[at] = (spoiled[at] ?? 0) ^ flip
            writeFileSync(each, spoiled)
          }
          expect(await open(path).verify()).toMatchObject({ ok: false })
        }),
        { numRuns: 1500 },
      )
    })

    test('a cut anywhere is found', async () => {
      const path = join(folder(), 'audit.jsonl')
      const bytes = Buffer.from(good.map((line) => `${line}\n`).join(''))
      writeFileSync(`${path}.head`, head)
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
          writeFileSync(path, bytes.subarray(0, length))
          expect(await open(path).verify()).toMatchObject({ ok: false })
          await expect(open(path).append({ actor: 'a', act: 'b' })).rejects.toMatchObject({ code: 'audit-broken' })
        }),
      )
    })

    test('nothing is added to an end that does not fit', async () => {
      for (const change of [
        good.slice(0, 4),
        good.slice(1, 4),
        [...good.slice(0, 4), good[4]?.replace('c5', 'c6') ?? ''],
      ]) {
        await spoil(change)
        const adding = open(file).append({ actor: 'a', act: 'b' })
        await expect(adding).rejects.toMatchObject({ code: 'audit-broken', hint: expect.stringContaining('move') })
        expect(linesOf(file)).toEqual(change)
      }
    })

    test('without the head file it says so', async () => {
      await spoil(good)
      rmSync(`${file}.head`)
      expect(await open(file).verify()).toMatchObject({ ok: false })
      await expect(open(file).append({ actor: 'a', act: 'b' })).rejects.toMatchObject({ code: 'audit-broken' })
    })

    test('a line that a crash left before the head was written is taken in', async () => {
      await spoil(good.slice(0, 4))
      await fill(file.replace('audit', 'other'), 4)
      writeFileSync(`${file}.head`, readFileSync(`${file.replace('audit', 'other')}.head`))
      write(file, good)
      expect(await open(file).verify()).toEqual({ ok: true, lines: 5 })
      await open(file).append({ actor: 'a', act: 'b' })
      expect(await open(file).verify()).toEqual({ ok: true, lines: 6 })
    })

    test('the beginning of a line that a crash left is kept aside and noted', async () => {
      await spoil(good)
      writeFileSync(file, '{"act":"appr', { flag: 'a' })
      expect(await open(file).verify()).toMatchObject({
        ok: false,
        line: 6,
        why: expect.stringContaining('unfinished'),
      })
      await open(file).append({ actor: 'a', act: 'b' })
      const [noted, added] = linesOf(file)
        .slice(5)
        .map((line) => JSON.parse(line))
      expect([noted.act, added.act]).toEqual(['audit-remnant', 'b'])
      expect(readFileSync(noted.detail.kept, 'utf8')).toBe('{"act":"appr')
      expect(await open(file).verify()).toEqual({ ok: true, lines: 7 })
    })
  })
})
