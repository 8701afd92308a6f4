import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { beforeAll, describe, expect, test } from 'vitest'
import { printError } from '../src/cli/print.ts'
import { OperatorError } from '../src/errors.ts'
import { createLog } from '../src/log.ts'

const cli = join(import.meta.dirname, '../src/cli.ts')
const cwd = mkdtempSync(join(tmpdir(), 'lanekeeper-'))
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: '', HOME: cwd },
  })
  return { status, stdout, stderr }
}

/** A capture of a node whose kernel was told to leave the IOMMU off. */
const capture = join(cwd, 'capture')
beforeAll(() => {
  mkdirSync(capture)
  const texts = {
    uname: '6.8.12-4-pve\n',
    cmdline: 'BOOT_IMAGE=/boot/vmlinuz-6.8.12-4-pve root=/dev/mapper/pve-root ro quiet intel_iommu=off\n',
    firmware: 'efi: yes\nsecure-boot: disabled\nacpi-tables: APIC DMAR\n',
    cpu: 'vendor_id\t: GenuineIntel\nflags\t\t: vmx\n',
    'iommu-units': '',
    'iommu-groups': '',
  }
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(capture, `${name}.txt`), text)
})

describe('replay', () => {
  test('needs no network and no configuration, and ends with 1 when something was found', () => {
    const { status, stdout, stderr } = run('replay', capture)
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toContain('PCIe passthrough is broken')
  })
  test('prints one JSON object of format 1', () => {
    const { stdout } = run('replay', capture, '--json', '--target', 'device:01:00.0')
    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      node: 'capture',
      target: 'device:0000:01:00.0',
      verdict: { status: 'broken', cause: 'iommu-off' },
    })
  })
  test('of a capture that tells nothing ends with 3', () => {
    const empty = mkdtempSync(join(tmpdir(), 'lanekeeper-'))
    expect(run('replay', empty).status).toBe(3)
  })
})

describe('usage and configuration errors end with 2, on standard error, with a hint and without a stack', () => {
  test.each([
    ['no such command', ['frobnicate'], "unknown command 'frobnicate'"],
    ['no folder', ['replay'], "missing required argument 'folder'"],
    ['a folder that is not there', ['replay', '/nowhere'], 'what to do: '],
    ['a target that is none', ['replay', '.', '--target', 'gpu'], 'expected a target like vm:101'],
    ['a rule that is none', ['rules', 'iommu-of'], 'did you mean iommu-off'],
    ['a configuration that is not there', ['diagnose', 'node3', '--config', 'nope.yaml'], 'nope.yaml cannot be read'],
    ['trust without a configuration', ['trust', 'node3'], 'simulated'],
  ])('%s', (_, args, says) => {
    const { status, stdout, stderr } = run(...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).not.toMatch(/^ +at /m)
  })
})

test('rules lists every rule, and explains one', () => {
  expect(run('rules').stdout).toMatch(/iommu-off .*\n/)
  const { status, stdout } = run('rules', 'iommu-off')
  expect({ status, said: stdout.includes('What to do') }).toEqual({ status: 0, said: true })
})

test('audit verify of a folder without an audit is unbroken', () => {
  const { status, stdout } = run('audit', 'verify')
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('0 lines, unbroken') })
})

test.each([
  ['node-unreachable', 3],
  ['host-key-unknown', 3],
  ['sudo-refused', 3],
  ['config-invalid', 2],
  ['node-unknown', 2],
] as const)('%s ends with %i', (code, status) => {
  expect(printError(new OperatorError(code, 'm'), new PassThrough(), false)).toBe(status)
})

test('a bug says so, and shows its stack only to who asks', () => {
  const output = new PassThrough()
  expect(printError(new TypeError('x is undefined'), output, false)).toBe(70)
  expect(String(output.read())).toBe(
    'lanekeeper: internal error, this is a bug: x is undefined\n  what to do: LANEKEEPER_LOG=debug shows where\n',
  )
})

test('the log redacts secrets at any depth', () => {
  const lines = new PassThrough()
  createLog('info', lines).info({ node: { access: { passphrase: 'hunter2' } }, password: 'hunter2' }, 'reading')
  const text = String(lines.read())
  expect(text).toContain('[redacted]')
  expect(text).not.toContain('hunter2')
})
