import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createAudit } from '../../src/audit.ts'
import type { Audit } from '../../src/store/audit-port.ts'
import { folder, smallDisk } from './folder.ts'
import { killAgainAndAgain } from './kill.ts'

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

describe('the audit in trouble', () => {
  test('a full disk refuses the line, and the chain goes on when there is room', async () => {
    const disk = smallDisk(64)
    if (!disk) return console.warn('SKIPPED: not allowed to mount a tmpfs, so a full disk was not tried')
    const file = join(disk, 'audit.jsonl')
    await fill(file, 2)
    await expect(open(file).append({ actor: 'a', act: 'b', detail: 'x'.repeat(100_000) })).rejects.toMatchObject({
      code: 'ENOSPC',
    })
    expect(await open(file).verify()).toEqual({ ok: true, lines: 2 })
    await fill(file, 1)
    expect(await open(file).verify()).toEqual({ ok: true, lines: 3 })
  })

  test('a line whose head could not be written is refused, and the chain goes on', async () => {
    const home = folder()
    const file = join(home, 'audit.jsonl')
    await fill(file, 1)
    const head = readFileSync(`${file}.head`)
    rmSync(`${file}.head`)
    // a folder in the way of the head
    mkdirSync(`${file}.head`)
    await expect(open(file).append({ actor: 'a', act: 'b' })).rejects.toThrow()
    rmSync(`${file}.head`, { recursive: true })
    writeFileSync(`${file}.head`, head)
    await fill(file, 1)
    expect(await open(file).verify()).toMatchObject({ ok: true })
  })

  test('a writer killed at any moment leaves a chain that holds and goes on', async () => {
    const file = join(folder(), 'audit.jsonl')
    const confirmed = await killAgainAndAgain('audit', file, 12, async () => {
      const found = await open(file).verify()
      if (found.ok) return found.lines
      expect(found.why).toContain('unfinished')
      return found.line - 1
    })
    expect(confirmed).toBeGreaterThan(12)
    await open(file).append({ actor: 'a', act: 'b' })
    expect(await open(file).verify()).toMatchObject({ ok: true })
  }, 60_000)
})
