import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readVfioScript, VFIO_HOOK, type VfioDevice, vfioScript } from '../../src/bootconfig/vfio-script.ts'
import { tool } from '../tool.ts'

const hex = (digits: number) => fc.nat({ max: 16 ** digits - 1 }).map((n) => n.toString(16).padStart(digits, '0'))
const devices: fc.Arbitrary<VfioDevice[]> = fc.array(
  fc
    .tuple(hex(4), hex(2), hex(2), fc.nat({ max: 7 }), hex(4), hex(4))
    .map(([domain, bus, slot, fn, vendor, device]) => ({
      address: `${domain}:${bus}:${slot}.${fn}`,
      id: `${vendor}:${device}`,
    })),
)

test('what is written is read again', () => {
  fc.assert(
    fc.property(devices, (some) => {
      expect(readVfioScript(vfioScript(some))).toEqual(some)
    }),
  )
})

test('a script that somebody has edited is nobody’s to write anew', () => {
  const text = vfioScript([{ address: '0000:01:00.0', id: '10de:2504' }])
  for (const edited of [`${text}# mine\n`, text.replace('modprobe vfio-pci', ''), text.replace('10de', '10DE'), ''])
    expect(readVfioScript(edited)).toBeNull()
})

test.skipIf(!tool('shellcheck', 'shellcheck'))('shellcheck finds nothing wrong in hook and script', () => {
  for (const text of [VFIO_HOOK, vfioScript([{ address: '0000:01:00.0', id: '10de:2504' }])]) {
    const { stdout } = spawnSync('shellcheck', ['-e', 'SC1091', '-'], { input: text })
    expect(stdout.toString()).toBe('')
  }
})

describe('the script, run by dash on a tree that looks like sysfs', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lanekeeper-vfio-'))
    mkdirSync(join(root, 'bin'))
    mkdirSync(join(root, 'pci'))
    writeFileSync(join(root, 'pci/drivers_probe'), '')
    writeFileSync(join(root, 'bin/modprobe'), `#!/bin/sh\necho "$*" >>${root}/modprobed\n`)
    chmodSync(join(root, 'bin/modprobe'), 0o755)
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  const device = (address: string, id: string, driver = false) => {
    const at = join(root, 'pci/devices', address)
    mkdirSync(join(at, ...(driver ? ['driver'] : [])), { recursive: true })
    const [vendor, model] = id.split(':')
    writeFileSync(join(at, 'vendor'), `0x${vendor}\n`)
    writeFileSync(join(at, 'device'), `0x${model}\n`)
  }
  const overrideOf = (address: string) => {
    const path = join(root, 'pci/devices', address, 'driver_override')
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : null
  }
  const run = (some: readonly VfioDevice[], ...args: string[]) => {
    const input = vfioScript(some).replace('sys=/sys/bus/pci', `sys=${root}/pci`)
    const env = { PATH: `${root}/bin:/usr/bin:/bin` }
    const { status, stderr } = spawnSync('dash', ['-s', '--', ...args], { input, env })
    expect(stderr.toString()).toBe('')
    expect(status).toBe(0)
  }

  test('only the device that is meant gets the override, not its twin, and not another card in a slot', () => {
    device('0000:01:00.0', '10de:2504')
    device('0000:02:00.0', '10de:2504')
    device('0000:03:00.0', '8086:10d3')
    run([
      { address: '0000:01:00.0', id: '10de:2504' },
      { address: '0000:03:00.0', id: '10de:228e' },
      { address: '0000:09:00.0', id: '10de:228e' },
    ])
    expect(['0000:01:00.0', '0000:02:00.0', '0000:03:00.0'].map(overrideOf)).toEqual(['vfio-pci', null, null])
    expect(readFileSync(join(root, 'modprobed'), 'utf8')).toBe('vfio-pci\n')
    expect(readFileSync(join(root, 'pci/drivers_probe'), 'utf8')).toBe('0000:01:00.0\n')
  })

  test('says nothing and does nothing when initramfs-tools asks for its prerequisites', () => {
    device('0000:01:00.0', '10de:2504')
    run([{ address: '0000:01:00.0', id: '10de:2504' }], 'prereqs')
    expect(overrideOf('0000:01:00.0')).toBeNull()
    expect(existsSync(join(root, 'modprobed'))).toBe(false)
  })
})
