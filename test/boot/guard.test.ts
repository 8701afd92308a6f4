import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { guardScript } from '../../src/boot/guard.ts'

let root = ''
const at = (path: string) => join(root, path)
const program = (name: string, body: string) => {
  writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${body}\n`)
  chmodSync(at(`bin/${name}`), 0o755)
}
const ran = () => (existsSync(at('ran')) ? readFileSync(at('ran'), 'utf8').trim().split('\n') : [])

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lanekeeper-guard-'))
  mkdirSync(at('bin'))
  writeFileSync(at('boot_id'), 'this-boot\n')
  writeFileSync(at('uptime'), '100.00 1.00\n')
  program('systemctl', `echo "systemctl $*" >>${root}/ran`)
  program('sync', `echo sync >>${root}/ran`)
  // Seconds are hundredths here.
  program('sleep', 'exec /bin/sleep "$(echo "$1" | awk \'{ print ($1 > 60 ? 1 : $1 / 100) }\')"')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The guard with the node's places moved under `root`; ends with its code. */
async function guard(withoutTrial: string, deadline = 90): Promise<number | null> {
  const script = guardScript('c1', deadline, withoutTrial)
    .replaceAll('/proc/sys/kernel/random/boot_id', at('boot_id'))
    .replaceAll('/proc/uptime', at('uptime'))
    .replaceAll('/proc/sysrq-trigger', at('sysrq'))
    .replaceAll('/run/lanekeeper', at('run'))
    .replaceAll('/dev/kmsg', at('kmsg'))
  const child = spawn('dash', ['-c', script], {
    env: { ...process.env, PATH: `${root}/bin:${process.env.PATH}` },
    detached: true,
  })
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
  return code
}

test('goes back at its deadline: the trial entry first, then an orderly reboot, one by force, and one by the kernel', async () => {
  await guard(`echo closed >>${root}/ran`)
  expect(ran()).toEqual(['closed', 'sync', 'systemctl --no-block reboot', 'systemctl --force reboot'])
  expect(readFileSync(at('sysrq'), 'utf8')).toBe('b\n')
  expect(readFileSync(at('kmsg'), 'utf8')).toContain('trial c1 was not confirmed within 90 s')
})

test.each([
  ['taking the trial entry away', 'exec /bin/sleep 60'],
  ['writing the disks out', ''],
])('a disk that does not answer while %s holds nothing up', async (what, closing) => {
  if (what === 'writing the disks out') program('sync', 'exec /bin/sleep 60')
  await guard(closing)
  expect(ran()).toEqual(['systemctl --no-block reboot', 'systemctl --force reboot'])
  expect(existsSync(at('sysrq'))).toBe(true)
})

test('a boot that was confirmed stays, and one that is confirmed too late does not', async () => {
  mkdirSync(at('run'))
  writeFileSync(at('run/decided'), 'this-boot\n')
  expect(await guard('')).toBe(0)
  expect(ran()).toEqual([])
  writeFileSync(at('run/decided'), 'another-boot\n')
  await guard('')
  expect(ran()).toContain('systemctl --no-block reboot')
})
