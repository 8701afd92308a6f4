import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/changes/change.ts'
import { closedGates, type GateView, gateWords } from '../../src/changes/gate.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { gates } from '../../src/gates/index.ts'
import { aChange, aPlan, before, policy, T0 } from '../changes/a-change.ts'

const alone = {
  ...{ members: 1, quorate: true, expectedVotes: null, totalVotes: null, ha: [], maintenance: null },
  ...{ name: null, ownVotes: null, shutdownPolicy: null, fencing: false },
}
const cluster = { ...alone, name: 'lab', members: 3, expectedVotes: 3, totalVotes: 3, ownVotes: 1 }
const quiet = { resilvering: [], halfInstalled: [], dkms: [], ceph: [], unread: [] }
const passed = { kind: 'qemu', id: 101, hostpci: [{}] } as never
const open: Facts = {
  health: before.health,
  running: [],
  guests: [],
  locks: [],
  upkeep: quiet,
  cluster: alone,
  'pci-sysfs': [],
}
const ask = (facts: Partial<Facts> = {}, more: Partial<GateView> = {}) =>
  closedGates(gates, {
    facts: { ...open, ...facts },
    policy: policy(),
    plan: aPlan(),
    now: new Date(T0),
    others: [],
    change: null,
    ...more,
  }).map(gateWords)
const without = (probe: keyof Facts) => ({ [probe]: undefined }) as Partial<Facts>

test('all gates are open on a quiet node that can be read', () => {
  expect(ask()).toEqual([])
  expect(ask({ cluster })).toEqual([])
})

describe('one gate is closed, and says what opens it, while', () => {
  test.each<[string, Partial<Facts>, RegExp]>([
    ['guests are running', { running: [{ kind: 'qemu', id: 101 }] }, /qemu 101.*stop or migrate/],
    ['a backup is running', { locks: ['task vzdump'] }, /task vzdump.*wait/],
    [
      'two nodes are the whole cluster',
      { cluster: { ...cluster, members: 2, expectedVotes: 2, totalVotes: 2 } },
      /loses its quorum \(2 of 2 votes\).*QDevice/,
    ],
    ['one of three is away already', { cluster: { ...cluster, totalVotes: 2 } }, /loses its quorum/],
    [
      'this node holds two of four votes',
      { cluster: { ...cluster, expectedVotes: 4, totalVotes: 4, ownVotes: 2 } },
      /loses its quorum/,
    ],
    ['the cluster has no quorum', { cluster: { ...cluster, quorate: false } }, /no quorum/],
    ['the votes could not be read', { cluster: { ...cluster, totalVotes: null } }, /votes .* could not be read/],
    ['HA fences a node', { cluster: { ...cluster, fencing: true } }, /fencing/],
    [
      'HA would move a guest that cannot move',
      { cluster: { ...cluster, ha: ['vm:101'], shutdownPolicy: 'migrate' }, guests: [passed] },
      /guest 101.*cannot move/,
    ],
    ['its own boot has not finished', { health: { ...before.health, system: 'starting' } }, /still starting/],
    ['it is shutting down', { health: { ...before.health, system: 'stopping' } }, /shutting down/],
    [
      'a package is half installed',
      { upkeep: { ...quiet, halfInstalled: ['linux-image (half-configured)'] } },
      /linux-image.*dpkg --configure/,
    ],
    ['ZFS resilvers', { upkeep: { ...quiet, resilvering: ['rpool'] } }, /resilvering rpool/],
    ['Ceph needs it', { upkeep: { ...quiet, ceph: ['osd: unsafe to stop osd(s)'] } }, /unsafe to stop.*noout/],
    ['Ceph does not answer', { upkeep: { ...quiet, unread: ['ceph osd ok-to-stop: timeout'] } }, /could not be read/],
    ['the cluster cannot be read', without('cluster'), /cluster could not be read/],
    ['locks cannot be read', without('locks'), /could not be read/],
    ['the upkeep cannot be read', without('upkeep'), /could not be read/],
    ['health cannot be read', without('health'), /NICs.* could not be read/],
    ['the PCI devices cannot be read', without('pci-sysfs'), /PCI devices could not be read/],
    ['guests cannot be read', without('guests'), /guests .* could not be read/],
  ])('%s', (_, facts, says) => {
    const closed = ask(facts)
    expect(closed).toHaveLength(1)
    expect(closed[0]).toMatch(says)
  })
})

describe('is open', () => {
  test.each<[string, Partial<Facts>]>([
    ['two nodes with a QDevice', { cluster: { ...cluster, members: 2, expectedVotes: 3, totalVotes: 3 } }],
    ['HA that waits for a node to come back', { cluster: { ...cluster, ha: ['vm:101'] }, guests: [passed] }],
    [
      'HA that moves other guests',
      { cluster: { ...cluster, ha: ['vm:7'], shutdownPolicy: 'migrate' }, guests: [passed] },
    ],
    ['modules of DKMS', { upkeep: { ...quiet, dkms: [{ module: 'nvidia', kernel: '6.8.12-4-pve' }] } }],
  ])('%s', (_, facts) => expect(ask(facts)).toEqual([]))

  test('running guests, where the policy shuts them down', () => {
    const facts = { running: [{ kind: 'qemu' as const, id: 101 }] }
    expect(ask(facts, { policy: policy({ guests: 'shut-down' }) })).toEqual([])
  })

  test('nothing but what counts for it, where no boot has to try the change', () => {
    const plan = { node: 'node1', reboot: false }
    const facts: Partial<Facts> = { running: [{ kind: 'qemu', id: 101 }], cluster: { ...cluster, quorate: false } }
    expect(ask(facts, { plan, policy: policy({ windows: ['Mon 00:00-00:01'] }) })).toEqual([])
    expect(ask({ locks: ['task vzdump'] }, { plan })).toHaveLength(1)
    expect(ask(without('health'), { plan })).toHaveLength(1)
  })
})

test('outside of the maintenance windows nothing is rebooted', () => {
  // T0 is a Sunday, 09:00 UTC.
  expect(ask({}, { policy: policy({ windows: ['Sun 08:00-10:00'] }) })).toEqual([])
  expect(ask({}, { policy: policy({ windows: ['Sat 22:00-04:00'] }) })[0]).toMatch(/outside of the maintenance windows/)
})

describe('of two nodes of one cluster', () => {
  const other = (state: 'armed' | 'rebooting' | 'arming' | 'verifying', given: Partial<Change> = {}): Change =>
    aChange(state, {
      id: 'other',
      plan: aPlan({ node: 'node2' }),
      before: { ...before, cluster: 'lab' },
      ...given,
    } as never)
  const own = (state: 'approved' | 'armed', createdAt = T0) => aChange(state, { id: 'own', createdAt } as never)

  test('one waits while the other is under way', () => {
    for (const state of ['arming', 'armed', 'rebooting', 'verifying'] as const) {
      expect(ask({ cluster }, { others: [other(state)], change: own('approved') })[0]).toMatch(/node2 .*change other/)
      expect(ask({ cluster }, { others: [other(state)] })).toHaveLength(1)
    }
  })

  test('that are both prepared exactly one goes: the earlier', () => {
    const [early, late] = ['2026-11-22T08:00:00.000Z', '2026-11-22T08:00:01.000Z']
    const pair = (mine: string, theirs: string) =>
      ask({ cluster }, { others: [other('armed', { createdAt: theirs })], change: own('armed', mine) }).length
    expect([pair(early, late), pair(late, early)]).toEqual([0, 1])
    expect(pair(early, early)).toBe(1)
    expect(
      ask({ cluster }, { others: [other('rebooting', { createdAt: late })], change: own('armed', early) }),
    ).toHaveLength(1)
  })

  test('another cluster, a node without one, or a repair without a reboot stands in nobody’s way', () => {
    const elsewhere = other('armed', { before: { ...before, cluster: 'attic' } } as never)
    const inPlace = other('armed', { plan: aPlan({ node: 'node2', reboot: false }) })
    expect(ask({ cluster }, { others: [elsewhere, inPlace], change: own('armed') })).toEqual([])
    expect(ask({}, { others: [other('armed')], change: own('armed') })).toEqual([])
  })
})
