import { describe, expect, test } from 'vitest'
import { checkAllowed } from '../../src/bootconfig/allowed-arguments.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { vfioIds } from '../../src/remedies/vfio-ids.ts'
import { device, etcModules, guest, modprobeD } from '../rules/sample.ts'
import { ailment, cmdline, disk, gpu, node, without } from './held.ts'

const first = modprobeD('softdep nouveau pre: vfio-pci')
const twin = device('0000:65:00.0', { driver: 'nouveau' })

describe('vfio-ids', () => {
  test.each<[string, Facts, string[], string[]]>([
    ['vfio-pci is loaded before the driver', node([gpu, disk], first), ['vfio-pci.ids=10de:2504'], []],
    ['vfio-pci is in /etc/modules', node([gpu, disk], etcModules('vfio-pci')), ['vfio-pci.ids=10de:2504'], []],
    [
      'vfio-pci is built in',
      without(node([gpu, disk], { uname: '5.15.0-122-generic' }), 'modules'),
      ['vfio-pci.ids=10de:2504'],
      [],
    ],
    [
      'beside what is on the line',
      node([gpu, disk], { ...first, ...cmdline('ro vfio_pci.ids=10de:228e') }),
      ['vfio-pci.ids=10de:228e,10de:2504'],
      ['vfio_pci.ids=10de:228e'],
    ],
    [
      'with the ids of modprobe.d, which the line would overrule',
      node([gpu, disk], modprobeD('softdep nouveau pre: vfio-pci', 'options vfio-pci ids=10de:228e,8086:1533')),
      ['vfio-pci.ids=10de:228e,8086:1533,10de:2504'],
      [],
    ],
    [
      'the twin goes to a guest as well',
      node([gpu, twin, disk], { ...first, guests: [guest(102, ['0000:65:00.0'])] }),
      ['vfio-pci.ids=10de:2504'],
      [],
    ],
  ])('%s', (_, facts, add, remove) => {
    expect(vfioIds.wish(facts, ailment)).toMatchObject({ args: { add, remove } })
    expect(checkAllowed({ add, remove })).toBeUndefined()
  })

  test('says that /etc/modules is a race, and softdep is none', () => {
    const risks = (more: Facts) => JSON.stringify(vfioIds.wish(node([gpu, disk], more), ailment))
    expect(risks(etcModules('vfio_pci'))).toContain('at about the same time')
    expect(risks(first)).not.toContain('at about the same time')
  })

  test.each<[string, Facts, string]>([
    ['a twin', node([gpu, twin, disk], first), '0000:65:00.0'],
    ['a twin that has no driver', node([gpu, { ...twin, driver: null }, disk], first), '0000:65:00.0'],
    [
      'a twin that a guest is given, and the host stands on',
      node([gpu, twin, disk], {
        ...first,
        guests: [guest(102, ['0000:65:00.0'])],
        'host-devices': [
          { use: 'disk', name: '/', address: '0000:00:17.0' },
          { use: 'nic', name: 'vmbr0', address: '0000:65:00.0' },
        ],
      }),
      'nic vmbr0',
    ],
    ['nothing loads vfio-pci in time', node(), 'nothing loads vfio-pci before nouveau'],
    ['a softdep of another driver', node([gpu, disk], modprobeD('softdep nvidia pre: vfio-pci')), 'too late'],
    ['a driver that is built in', node([gpu, disk], { ...first, lsmod: ['ahci'] }), 'built into the kernel'],
    [
      'ids that are on the line already',
      node([gpu, disk], { ...first, ...cmdline('vfio-pci.ids=10de:2504') }),
      'already',
    ],
    [
      'ids that modprobe.d gives already',
      node([gpu, disk], modprobeD('softdep nouveau pre: vfio-pci', 'options vfio-pci ids=10de:2504')),
      'already',
    ],
    [
      'a device that the host stands on',
      node([gpu, disk], { ...first, 'host-devices': [{ use: 'nic', name: 'vmbr0', address: '0000:01:00.0' }] }),
      'nic vmbr0',
    ],
    ['modules configuration that was not read', without(node([gpu, disk], first), 'modules'), 'could not'],
    ['a device that no driver has any more', node([{ ...gpu, driver: null }, disk], first), 'no driver of the host'],
  ])('is refused for %s', (_, facts, words) => {
    expect(vfioIds.wish(facts, ailment)).toMatchObject({ refused: expect.stringContaining(words) })
  })

  test('a refusal says the line that would help', () => {
    expect(vfioIds.wish(node(), ailment)).toMatchObject({
      hint: expect.stringContaining('"softdep nouveau pre: vfio-pci"'),
    })
  })

  test('is cured by the driver of the device, not by the words', () => {
    const live = cmdline('ro vfio-pci.ids=10de:2504')
    expect(vfioIds.uncured(node([{ ...gpu, driver: 'vfio-pci' }, disk], live), ailment)).toEqual([])
    expect(vfioIds.uncured(node([gpu, disk], live), ailment)).not.toEqual([])
  })
})
