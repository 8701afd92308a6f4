import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { FOLLOW_SCRIPT, readFailedStart, readGreeting } from '../../src/fleet/task-index.ts'
import { tool } from '../tool.ts'

const UPID = 'UPID:pve1:0003F2A1:00B00B5E:65A1B2C3:qmstart:101:root@pam:'

describe('a line of the task index', () => {
  test.each([
    [`${UPID} 65A1B2C9 start failed: QEMU exited with code 1`, 101, 0x65a1b2c9],
    [`${UPID} 65A1B2C9 cannot prepare PCI pass-through, IOMMU not present`, 101, 0x65a1b2c9],
    ['UPID:pve1:0003F2A1:100B00B5E:65A1B2C3:qmstart:7:bob@pve!token: 65A1B2C9 command failed', 7, 0x65a1b2c9],
  ])('%s is a failed start', (line, guest, endedAt) => {
    expect(readFailedStart(line)).toEqual({
      upid: line.split(' ')[0],
      guest,
      endedAt,
      status: expect.stringMatching(/\w/),
    })
  })
  test.each([
    `${UPID} 65A1B2C9 OK`,
    `${UPID} 65A1B2C9 WARNINGS: 1`,
    'UPID:pve1:0003F2A1:00B00B5E:65A1B2C3:vzstart:101:root@pam: 65A1B2C9 command failed',
    'UPID:pve1:0003F2A1:00B00B5E:65A1B2C3:qmstart:101:root@pam:',
    'boot 11111111-1111-4111-8111-111111111111 1700000000',
    '',
    'x'.repeat(10_000),
  ])('%s is none', (line) => expect(readFailedStart(line)).toBeNull())
  test('the greeting tells the boot and the clock', () => {
    const bootId = '11111111-1111-4111-8111-111111111111'
    expect(readGreeting(`boot ${bootId} 1700000000`)).toEqual({ bootId, clock: 1_700_000_000 })
    expect(readGreeting('Welcome to Debian')).toBeNull()
  })
})

describe.skipIf(!tool('shellcheck'))('the script', () => {
  test('is accepted by shellcheck', () => {
    expect(() => execFileSync('shellcheck', ['-s', 'sh', '-'], { input: FOLLOW_SCRIPT })).not.toThrow()
  })
})

test('the script tells each line as it is written, a file that comes later too, and leaves nothing when its input ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanekeeper-follow-'))
  const index = join(folder, 'index')
  try {
    const child = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    child.stdin.write(FOLLOW_SCRIPT.replaceAll('/var/log/pve/tasks/index', index))
    await expect.poll(() => readGreeting(lines[0] ?? '')).not.toBeNull()
    writeFileSync(index, 'one\n')
    await expect.poll(() => lines, { timeout: 5000 }).toContain('one')
    appendFileSync(index, 'two\n')
    await expect.poll(() => lines, { timeout: 5000 }).toContain('two')
    const tails = () => execFileSync('ps', ['-e', '-o', 'args']).toString().includes(index)
    expect(tails()).toBe(true)
    child.stdin.end()
    await expect.poll(tails, { timeout: 5000 }).toBe(false)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
