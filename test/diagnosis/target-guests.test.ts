import { describe, expect, test } from 'vitest'
import { claimsOf, ownersOf, targetDevices, usersOf } from '../../src/diagnosis/target-devices.ts'
import { targetGuests } from '../../src/diagnosis/target-guests.ts'
import type { Facts } from '../../src/facts/facts.ts'
import type { Mappings } from '../../src/facts/probes/mappings.ts'
import { conf, read } from '../rules/guest-text.ts'
import { device, lspci } from '../rules/sample.ts'
import { aim } from '../rules/test-rule.ts'

const card = lspci(device('0000:01:00.0'), device('0000:01:00.1'), device('0000:02:00.0'), device('10000:01:00.0'))
const mappings = (...entries: [node: string, ...paths: string[]][]): Facts => {
  const all: Mappings[number]['entries'] = entries.map(([node, ...paths]) => ({
    node,
    id: '10de:2504',
    paths,
    iommuGroup: null,
  }))
  return { mappings: [{ name: 'gpu', entries: all }] }
}
const given = (line: string, more: Record<string, string> = {}) => conf({ 101: { hostpci0: line, ...more } })

describe('the devices that a guest is given', () => {
  test.each<[string, Facts, string[]]>([
    ['all functions of a slot', given('01:00'), ['0000:01:00.0', '0000:01:00.1']],
    ['one function', given('01:00.1'), ['0000:01:00.1']],
    ['several devices of one line', given('01:00;02:00'), ['0000:01:00.0', '0000:01:00.1', '0000:02:00.0']],
    ['several lines', given('01:00.0', { hostpci1: '02:00.0' }), ['0000:01:00.0', '0000:02:00.0']],
    ['of another domain', given('10000:01:00'), ['10000:01:00.0']],
    [
      'of a mapping',
      { ...given('mapping=gpu'), ...mappings(['node1', '0000:01:00']) },
      ['0000:01:00.0', '0000:01:00.1'],
    ],
    [
      'of a mapping on this node alone, which its own path names',
      { ...given('mapping=gpu'), ...mappings(['node2', '0000:01:00'], ['node1', '0000:02:00.0']) },
      ['0000:02:00.0'],
    ],
    [
      'all alternatives of a mapping',
      { ...given('mapping=gpu'), ...mappings(['node1', '0000:01:00.0'], ['node1', '0000:02:00.0']) },
      ['0000:01:00.0', '0000:02:00.0'],
    ],
    ['nothing of a mapping for other nodes', { ...given('mapping=gpu'), ...mappings(['node2', '0000:01:00']) }, []],
    ['nothing of a mapping that is not there', { ...given('mapping=other'), ...mappings(['node1', '0000:01:00']) }, []],
    [
      'not the card that a mediated device is made of',
      given('01:00.0,mdev=nvidia-63', { hostpci1: '02:00.0' }),
      ['0000:02:00.0'],
    ],
    [
      'nothing of a snapshot',
      read('guests', 'memory: 1\nhostpci0: 02:00.0\n[old]\nhostpci1: 01:00\n'),
      ['0000:02:00.0'],
    ],
  ])('%s', (_, facts, devices) => {
    expect(targetDevices({ ...card, ...facts }, null)).toEqual({ devices, unknown: [] })
  })

  test('what is known stays known beside a mapping that is not', () => {
    const facts = { ...card, ...given('02:00.0', { hostpci1: 'mapping=gpu' }) }
    expect(targetDevices(facts, null)).toEqual({ devices: ['0000:02:00.0'], unknown: ['mappings'] })
    expect(ownersOf(facts, ['0000:02:00.0']).map(({ id }) => id)).toEqual([101])
  })

  test('a mapping with several nodes is open where neither the node nor the hardware was read', () => {
    const facts = { ...read('guests', 'hostpci0: mapping=gpu'), ...mappings(['a', '0000:01:00'], ['b', '0000:02:00']) }
    expect(targetDevices(facts, null)).toEqual({ devices: [], unknown: ['lspci'] })
  })
})

test('the text of a guest without its number is the guest that is asked for, where it is alone', () => {
  const lone = { ...card, ...read('guests', 'hostpci0: 02:00.0') }
  expect(targetDevices(lone, aim('vm:104'))).toEqual({ devices: ['0000:02:00.0'], unknown: [] })
  expect(targetDevices({ ...card, ...given('02:00.0') }, aim('vm:104'))).toEqual({ devices: [], unknown: ['guests'] })
})

test('a mediated device has a user and no owner', () => {
  const facts = given('01:00.0,mdev=x')
  expect(ownersOf(facts, ['0000:01:00.0'])).toEqual([])
  expect(usersOf(facts, ['0000:01:00.0']).map(({ id }) => id)).toEqual([101])
  const [guest] = facts.guests ?? []
  expect(guest && claimsOf(facts, guest)).toMatchObject([{ key: 'hostpci0', mediated: true, unknown: [] }])
})

describe('the guests and lines that a target is about', () => {
  const guests = conf({ 101: { hostpci0: '01:00', hostpci1: '02:00.0' }, 102: { hostpci0: '02:00.0' }, 103: {} })
  test.each<[string, string | null, [number, string[]][]]>([
    [
      'no target',
      null,
      [
        [101, ['hostpci0', 'hostpci1']],
        [102, ['hostpci0']],
      ],
    ],
    ['a guest', 'vm:102', [[102, ['hostpci0']]]],
    ['a guest that is given nothing', 'vm:103', []],
    [
      'a device',
      'device:02:00.0',
      [
        [101, ['hostpci1']],
        [102, ['hostpci0']],
      ],
    ],
    ['a function of a slot that is given', 'device:01:00.1', [[101, ['hostpci0']]]],
    [
      'a slot of which a function is given',
      'device:02:00',
      [
        [101, ['hostpci1']],
        [102, ['hostpci0']],
      ],
    ],
    ['a device in another domain', 'device:0001:02:00.0', []],
  ])('%s', (_, target, expected) => {
    const found = targetGuests(guests, aim(target))
    expect(found.guests.map(({ guest, lines }) => [guest.id, lines.map(({ entry }) => entry.key)])).toEqual(expected)
    expect(found.unknown).toEqual([])
  })

  test('guests that were not read are not none', () => {
    expect(targetGuests({}, null)).toEqual({ guests: [], unknown: ['guests'] })
    expect(targetGuests(guests, aim('vm:200')).unknown).toEqual(['guests'])
    expect(targetGuests(given('mapping=gpu'), aim('device:01:00.0')).unknown).toEqual(['mappings'])
  })
})
