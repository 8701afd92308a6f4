import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const cli = join(import.meta.dirname, '../src/cli.ts')
const capture = join(import.meta.dirname, 'captures/full')
const cwd = mkdtempSync(join(tmpdir(), 'lanekeeper-'))
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: '', HOME: cwd },
  })
  return { status, stdout, stderr }
}

test('topology shows a node as text and draws it', () => {
  const { status, stdout, stderr } = run('topology', 'node5', '--target', 'vm:101', '--png', 'a.png', '--svg', 'a.svg')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('BLOCKER group-holds-host-device')
  expect(stdout).toContain('└ 01:00.0 Serial Attached SCSI controller')
  expect(readFileSync(join(cwd, 'a.png')).toString('latin1', 1, 4)).toBe('PNG')
  expect(readFileSync(join(cwd, 'a.svg'), 'utf8')).toContain('TARGET vm:101')
})

test('replay draws a capture beside its report', () => {
  const { stdout } = run('replay', capture, '--svg', 'b.svg')
  expect(stdout).toContain('rules')
  expect(readFileSync(join(cwd, 'b.svg'), 'utf8')).toContain('GeForce RTX 3060')
})

test('a file that cannot be written costs the picture, not the report', () => {
  const { status, stdout, stderr } = run('replay', capture, '--png', '/nowhere/b.png')
  expect({ status, said: stdout.includes('rules') }).toEqual({ status: 2, said: true })
  expect(stderr).toContain('the picture could not be written')
})
