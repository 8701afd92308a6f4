import { describe, expect, test } from 'vitest'
import { parseTarget, targetText } from '../../src/diagnosis/target.ts'
import { targetDevices } from '../../src/diagnosis/target-devices.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { device, groups, guest, guests, lspci } from '../rules/sample.ts'

test.each([
  ['vm:101', { kind: 'vm', id: 101 }, 'vm:101'],
  ['device:01:00.0', { kind: 'device', address: '0000:01:00.0' }, 'device:0000:01:00.0'],
  ['device:0001:01:00', { kind: 'device', address: '0001:01:00' }, 'device:0001:01:00'],
  ['device:C3:00.0', { kind: 'device', address: '0000:c3:00.0' }, 'device:0000:c3:00.0'],
])('%s is read and said', (text, target, said) => {
  const read = parseTarget(text)
  expect(read).toEqual(target)
  expect('kind' in read && targetText(read)).toBe(said)
})

test.each(['', '101', 'vm:', 'vm:x', 'device:1:0.0', 'device:01:00.9', 'vm:1 device:01:00.0'])(
  '"%s" is refused',
  (text) => {
    expect(parseTarget(text)).toMatchObject({ refused: expect.stringContaining(text) })
  },
)

const card = lspci(
  device('0000:01:00.0'),
  device('0000:01:00.1'),
  device('0000:02:00.0', { vendor: '8086', device: '10fb' }),
)
const mapped = guests(guest(101, [], { hostpci: [{ key: 'hostpci0', addresses: [], mapping: 'nic', options: {} }] }))
const mapping = (...entries: [node: string, id: string | null, path: string][]): Facts => ({
  mappings: [
    { name: 'nic', entries: entries.map(([node, id, path]) => ({ node, id, paths: [path], iommuGroup: null })) },
  ],
})

describe('the devices of a target', () => {
  test.each<[string, Facts, ReturnType<typeof parseTarget> | null, { devices: string[]; unknown: string[] }]>([
    ['a device is itself, seen or not', {}, parseTarget('device:09:00.0'), { devices: ['0000:09:00.0'], unknown: [] }],
    [
      'a slot is all of its functions',
      card,
      parseTarget('device:01:00'),
      { devices: ['0000:01:00.0', '0000:01:00.1'], unknown: [] },
    ],
    [
      'a slot is seen through its group as well',
      groups({ 1: ['0000:01:00.1'] }),
      parseTarget('device:01:00'),
      { devices: ['0000:01:00.1'], unknown: [] },
    ],
    ['a slot that nobody has seen stays open', card, parseTarget('device:09:00'), { devices: [], unknown: ['lspci'] }],
    [
      'a guest is what it gets',
      { ...card, ...guests(guest(101, ['0000:01:00'])) },
      parseTarget('vm:101'),
      { devices: ['0000:01:00.0', '0000:01:00.1'], unknown: [] },
    ],
    [
      'a guest that is not there stays open',
      guests(guest(101, [])),
      parseTarget('vm:102'),
      { devices: [], unknown: ['guests'] },
    ],
    [
      'no target is what any guest gets',
      { ...card, ...guests(guest(1, ['0000:01:00.0']), guest(2, ['0000:02:00.0'])) },
      null,
      { devices: ['0000:01:00.0', '0000:02:00.0'], unknown: [] },
    ],
    [
      'one missing card does not hide the others',
      { ...card, ...guests(guest(1, ['0000:09:00']), guest(2, ['0000:02:00.0'])) },
      null,
      { devices: ['0000:02:00.0'], unknown: ['lspci'] },
    ],
    ['without guests nobody knows', card, null, { devices: [], unknown: ['guests'] }],
    [
      'a mapping is its path',
      { ...card, ...mapped, ...mapping(['a', '8086:10fb', '0000:02:00.0']) },
      parseTarget('vm:101'),
      { devices: ['0000:02:00.0'], unknown: [] },
    ],
    [
      'of several nodes the one whose hardware is here',
      { ...card, ...mapped, ...mapping(['a', '8086:10fb', '0000:02:00.0'], ['b', '8086:9999', '0000:01:00.0']) },
      parseTarget('vm:101'),
      { devices: ['0000:02:00.0'], unknown: [] },
    ],
    [
      'a mapping that was not read stays open',
      { ...card, ...mapped },
      parseTarget('vm:101'),
      { devices: [], unknown: ['mappings'] },
    ],
  ])('%s', (_, facts, target, devices) => {
    if (target !== null && 'refused' in target) throw new Error(target.refused)
    expect(targetDevices(facts, target)).toEqual(devices)
  })

  test('of several nodes the one that the task ids name', () => {
    const tasks = {
      tasks: [{ upid: 'UPID:b:0:0:0:qmstart:1:root@pam:', guest: 1, startedAt: null, lines: [], error: null }],
    }
    const facts = {
      ...card,
      ...mapped,
      ...mapping(['a', '8086:10fb', '0000:02:00.0'], ['b', null, '0000:01:00.0']),
      ...tasks,
    }
    expect(targetDevices(facts, { kind: 'vm', id: 101 }).devices).toEqual(['0000:01:00.0'])
  })
})
