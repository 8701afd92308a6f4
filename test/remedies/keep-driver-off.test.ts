import { describe, expect, test } from 'vitest'
import { checkAllowed } from '../../src/bootconfig/allowed-arguments.ts'
import { isRefusal } from '../../src/errors.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { keepDriverOff } from '../../src/remedies/keep-driver-off.ts'
import { device, guest, lspci } from '../rules/sample.ts'
import { ailment, cmdline, disk, gpu, node, sysfs, without } from './held.ts'

const args = (facts: Facts, devices = ailment.devices) => {
  const wish = keepDriverOff.wish(facts, { ...ailment, devices })
  if (isRefusal(wish)) throw new Error(wish.refused)
  return wish.args
}
const second = device('0000:65:00.0', { driver: 'nouveau', modules: ['nouveau'] })
const sound = device('0000:01:00.1', { class: '0403', driver: 'snd_hda_intel' })

describe('keep-driver-off', () => {
  test.each<[string, Facts, string[], string[]]>([
    ['the driver, and not what is kept off already', node(), ['modprobe.blacklist=nouveau'], []],
    [
      'every module that would take the card',
      node([{ ...gpu, driver: 'nvidia', modules: ['nvidiafb', 'nouveau', 'nvidia_drm', 'nvidia'] }, disk]),
      ['modprobe.blacklist=nvidia,nouveau,nvidia_drm'],
      [],
    ],
    [
      'one that is loaded although modprobe.d keeps it off',
      node([gpu, disk], { 'modprobe-d': [{ path: '/etc/modprobe.d/a.conf', line: 'blacklist nouveau' }] }),
      ['modprobe.blacklist=nouveau,nvidiafb'],
      [],
    ],
    [
      'beside what is on the line',
      node([gpu, disk], cmdline('ro modprobe.blacklist=radeon quiet modprobe.blacklist=amdgpu')),
      ['modprobe.blacklist=radeon,amdgpu,nouveau'],
      ['modprobe.blacklist=radeon', 'modprobe.blacklist=amdgpu'],
    ],
    [
      'the other card goes to a guest too',
      node([gpu, second, disk], { guests: [guest(102, ['0000:65:00'])] }),
      ['modprobe.blacklist=nouveau'],
      [],
    ],
  ])('%s', (_, facts, add, remove) => {
    expect(args(facts)).toEqual({ add, remove })
    expect(checkAllowed({ add, remove })).toBeUndefined()
  })

  test('goes by the module’s name where the driver has another', () => {
    const usb = device('0000:03:00.0', { class: '0c03', driver: 'xhci_hcd', modules: ['xhci_pci'] })
    expect(args(node([usb, disk]), ['0000:03:00.0'])).toEqual({ add: ['modprobe.blacklist=xhci_pci'], remove: [] })
  })

  test('goes by the driver’s name where lspci tells no module', () => {
    expect(args(node([sound, disk]), ['0000:01:00.1']).add).toEqual(['modprobe.blacklist=snd_hda_intel'])
  })

  test.each<[string, Facts, string]>([
    ['another card that the host may need', node([gpu, second, disk]), '0000:65:00.0'],
    [
      'a card that another guest only gets a virtual part of',
      node([gpu, second, disk], {
        guests: [
          guest(102, [], {
            hostpci: [{ key: 'hostpci0', addresses: ['0000:65:00.0'], mapping: null, options: { mdev: 'i915-GVTg' } }],
          }),
        ],
      }),
      '0000:65:00.0',
    ],
    [
      'the same module under another driver’s name',
      node([
        { ...gpu, driver: 'snd_hda_intel', modules: ['snd_hda_intel', 'snd_soc_avs'] },
        { ...sound, address: '0000:00:1f.3', driver: 'snd_soc_avs' },
        disk,
      ]),
      '0000:00:1f.3',
    ],
    [
      'the host stands on the device itself',
      node([gpu, disk], { 'host-devices': [{ use: 'disk', name: 'rpool', address: '0000:01:00.0' }] }),
      'disk rpool',
    ],
    [
      'virtual functions of it',
      node([gpu, disk], { 'pci-sysfs': [sysfs('0000:01:00.0'), sysfs('0000:01:10.0', '0000:01:00.0')] }),
      '0000:01:10.0',
    ],
    ['a driver that is built in', node([gpu, disk], { lsmod: ['ahci'] }), 'built into the kernel'],
    ['what is on the line already', node([gpu, disk], cmdline('modprobe.blacklist=nouveau')), 'already names nouveau'],
    ['a device that no driver has any more', node([{ ...gpu, driver: 'vfio-pci' }, disk]), 'no driver of the host'],
    ['nothing known of the host', node([gpu, disk], { 'host-devices': [] }), 'could not be read'],
    ['nothing known of the modules', without(node(), 'lsmod'), 'could not be read'],
  ])('is refused for %s, naming it', (_, facts, words) => {
    expect(keepDriverOff.wish(facts, ailment)).toMatchObject({ refused: expect.stringContaining(words) })
  })

  test('names the use of the device that the host would lose', () => {
    const nics = [0, 1].map((n) => device(`0000:04:00.${n}`, { class: '0200', driver: 'igb', modules: ['igb'] }))
    const facts = node(nics, { 'host-devices': [{ use: 'nic', name: 'vmbr0', address: '0000:04:00.0' }] })
    const wish = keepDriverOff.wish(facts, { ...ailment, devices: ['0000:04:00.1'] })
    expect(wish).toMatchObject({ refused: expect.stringMatching(/igb also drives 0000:04:00\.0 .*nic vmbr0/) })
  })

  test('a console that goes dark is a risk of its own', () => {
    const own = [...(node()['host-devices'] ?? []), { use: 'console', name: 'boot_vga', address: '0000:01:00.0' }]
    expect(keepDriverOff.wish(node([gpu, disk], { 'host-devices': own }), ailment)).toMatchObject({ risk: 2 })
    expect(keepDriverOff.wish(node(), ailment)).toMatchObject({ risk: 1 })
  })

  test('is cured when vfio-pci has the device, or nobody', () => {
    for (const driver of ['vfio-pci', null])
      expect(keepDriverOff.uncured(node([{ ...gpu, driver }, disk]), ailment)).toEqual([])
    expect(keepDriverOff.uncured(node(), ailment)).toEqual([expect.stringContaining('nouveau')])
    expect(keepDriverOff.uncured(node([disk]), ailment)).toEqual([expect.stringContaining('gone')])
  })

  test('what could not be read is not cured', () => {
    expect(keepDriverOff.uncured({}, ailment)).not.toEqual([])
    expect(keepDriverOff.uncured(without(node([{ ...gpu, driver: null }, disk]), 'pci-sysfs'), ailment)).not.toEqual([])
    expect(keepDriverOff.uncured({ ...node(), ...lspci({ ...gpu, driver: null }) }, ailment)).not.toEqual([])
  })
})
