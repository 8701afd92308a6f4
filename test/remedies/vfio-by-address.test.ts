import { describe, expect, test } from 'vitest'
import { HOOK_PATH, SCRIPT_PATH, VFIO_HOOK, vfioScript } from '../../src/bootconfig/vfio-script.ts'
import { isRefusal } from '../../src/errors.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { vfioByAddress } from '../../src/remedies/vfio-by-address.ts'
import { device } from '../rules/sample.ts'
import { ailment, disk, gpu, node, sysfs, without } from './held.ts'

const TOOLS = ['mkinitramfs', 'update-initramfs', 'lsinitramfs']
const files = (script: string | null, hook: string | null = script && VFIO_HOOK): Facts => ({
  'initramfs-tools': {
    tools: TOOLS,
    files: [
      { path: HOOK_PATH, text: hook },
      { path: SCRIPT_PATH, text: script },
    ],
  },
})
const twin = device('0000:65:00.0', { driver: 'nouveau' })
const wish = (facts: Facts) => vfioByAddress.wish(facts, ailment)

describe('vfio-by-address', () => {
  test('writes hook and script, has the initramfs built, and leaves a twin alone', () => {
    const made = wish(node([gpu, twin, disk], files(null)))
    if (isRefusal(made)) throw new Error(made.refused)
    expect(made.files).toMatchObject([
      { path: HOOK_PATH, was: null, text: VFIO_HOOK, mode: '755' },
      {
        path: SCRIPT_PATH,
        was: null,
        text: vfioScript([{ address: '0000:01:00.0', id: `${gpu.vendor}:${gpu.device}` }]),
        mode: '755',
      },
    ])
    expect(made.jobs).toEqual([
      {
        job: 'initramfs',
        with: { release: '6.8.12-4-pve', holds: 'scripts/init-top/lanekeeper-vfio', gone: '' },
      },
    ])
    expect(made.args).toEqual({ add: [], remove: [] })
  })

  test('adds to the devices that the script names already', () => {
    const former = vfioScript([{ address: '0000:02:00.0', id: '8086:10d3' }])
    const made = wish(node([gpu, disk], files(former)))
    if (isRefusal(made)) throw new Error(made.refused)
    expect(made.files?.map(({ path }) => path)).toEqual([SCRIPT_PATH])
    expect(made.files?.[0]?.text).toContain(`0000:01:00.0=${gpu.vendor}:${gpu.device} 0000:02:00.0=8086:10d3`)
  })

  test.each<[string, Facts, string]>([
    ['an edited script', node([gpu, disk], files('#!/bin/sh\n')), 'edited by hand'],
    [
      'the device is named already',
      node([gpu, disk], files(vfioScript([{ address: '0000:01:00.0', id: `${gpu.vendor}:${gpu.device}` }]))),
      'names the device already',
    ],
    ['dracut', node([gpu, disk], { 'initramfs-tools': { tools: [], files: [] } }), 'no mkinitramfs'],
    ['a driver that is built in', node([gpu, disk], { ...files(null), lsmod: ['ahci'] }), 'built into the kernel'],
    [
      'the disk of the host',
      node([{ ...disk, address: '0000:01:00.0' }, gpu], {
        ...files(null),
        'host-devices': [{ use: 'disk', name: '/', address: '0000:01:00.0' }],
      }),
      'stands on',
    ],
    ['unread tools', without(node(), 'initramfs-tools'), 'could not be read'],
    ['unread modules', without(node([gpu, disk], files(null)), 'lsmod'), 'could not be read'],
  ])('refuses: %s', (_, facts, why) => {
    expect(wish(facts)).toMatchObject({ refused: expect.stringContaining(why) })
  })

  test('is cured once no driver of the host has the device', () => {
    const after = (driver: string | null): Facts =>
      node([{ ...gpu, driver }, disk], { 'pci-sysfs': [sysfs('0000:01:00.0'), sysfs('0000:00:17.0')] })
    expect(vfioByAddress.uncured(after('vfio-pci'), ailment)).toEqual([])
    expect(vfioByAddress.uncured(after('nouveau'), ailment)).toEqual(['0000:01:00.0 is still held by nouveau'])
  })
})
