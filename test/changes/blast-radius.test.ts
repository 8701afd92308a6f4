import { describe, expect, test } from 'vitest'
import { modulesMissing, staysOff, takesAtBoot, usualAway } from '../../src/changes/blast-radius.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { aChange, aPlan } from './a-change.ts'

const guest = (id: number, onboot: boolean, ...addresses: string[]) =>
  ({
    kind: 'qemu',
    id,
    onboot,
    hostpci: addresses.map((address) => ({ key: 'hostpci0', addresses: [address], mapping: null, options: {} })),
  }) as never
const running = [101, 102].map((id) => ({ kind: 'qemu' as const, id }))

describe('guests', () => {
  test('that run and do not start with the node stay off', () => {
    const facts: Facts = {
      running: [...running, { kind: 'lxc', id: 200 }],
      guests: [guest(101, true), guest(102, false)],
    }
    expect(staysOff(facts)).toEqual(['qemu 102', 'lxc 200'])
  })

  test('that start with the node take their devices, running or not', () => {
    const mapped = { ...(guest(103, true) as object), hostpci: [{ mapping: 'gpu', addresses: [] }] } as never
    expect(
      takesAtBoot({
        guests: [guest(101, true, '0000:01:00'), guest(102, false, '0000:02:00.0'), guest(104, true), mapped],
      }),
    ).toEqual(['qemu 101: 0000:01:00', 'qemu 103: mapping gpu'])
  })
})

test('a module of DKMS is missed where it is built for the running kernel alone', () => {
  const dkms = [
    { module: 'nvidia', kernel: 'old' },
    { module: 'zfs', kernel: 'old' },
    { module: 'zfs', kernel: 'new' },
  ]
  const facts = { uname: 'old', upkeep: { resilvering: [], halfInstalled: [], dkms, ceph: [], unread: [] } }
  expect(modulesMissing(facts, 'new')).toEqual(['nvidia'])
  expect(modulesMissing(facts, 'old')).toEqual([])
  expect(modulesMissing({}, 'new')).toEqual([])
})

test('how long a node is away is the median of its own last reboots', () => {
  const closed = (away: number | null, node = 'node1') =>
    aChange('closed', { away, plan: aPlan({ node }), outcome: 'done', because: '' } as never)
  expect(usualAway([closed(300), closed(null), closed(100), closed(200), closed(9, 'node2')], 'node1')).toBe(200)
  expect(usualAway([closed(null)], 'node1')).toBeNull()
})
