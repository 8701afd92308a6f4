import { expect, test } from 'vitest'
import { closedGates } from '../../src/changes/gate.ts'
import type { Means } from '../../src/changes/means.ts'
import { carryOut } from '../../src/changes/steps.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { gates } from '../../src/gates/index.ts'
import { aChange, before, OLD_BOOT, policy, T0 } from './a-change.ts'

/** A node that still runs its old boot. */
function oldBoot(secondsLater: number, frozen?: string, seen?: Facts) {
  const acts: string[] = []
  const rules = policy()
  const never = async () => {
    throw new Error('not expected here')
  }
  const means: Means = {
    hands: {
      boot: async () => ({ id: OLD_BOOT, words: ['ro', 'quiet'] }),
      restart: async () => void acts.push('restart'),
      standDown: async () => {
        acts.push('stand down')
        return []
      },
      arm: never,
      keep: never,
      mend: never,
      takeBack: never,
    },
    eyes: { look: seen ? async () => seen : never, replan: never },
    tell: { rescue: never, hearOut: never },
    uncured: () => [],
    regrouping: () => [],
    closedGates: async (change, facts) =>
      closedGates(gates, { facts, policy: rules, plan: change.plan, now: new Date(T0), others: [], change }),
    policy: () => rules,
    policyFor: async () => ({ policy: rules, untold: [] }),
    frozen: async () => frozen,
    now: () => new Date(Date.parse(T0) + secondsLater * 1000),
  }
  return { acts, told: carryOut('look', aChange('rebooting', { since: T0 }), means) }
}
const { guardDeadline, rebootDeadline } = policy()

test('a node that has not been rebooted yet is rebooted', async () => {
  const { told, acts } = oldBoot(60)
  expect(await told).toBeUndefined()
  expect(acts).toEqual(['restart'])
})

test('a bot that comes back hours later does not reboot a node for the first time', async () => {
  const { told, acts } = oldBoot(guardDeadline + rebootDeadline + 1, undefined, settled)
  expect(await told).toMatchObject({ type: 'failed', because: expect.stringContaining('old boot') })
  expect(acts).toEqual(['stand down'])
})

test('nor does a frozen one', async () => {
  const { told, acts } = oldBoot(60, 'ann froze all changes', settled)
  expect(await told).toEqual({ type: 'failed', because: 'ann froze all changes' })
  expect(acts).toEqual(['stand down'])
})

const settled: Facts = {
  health: before.health,
  'pci-sysfs': [],
  cluster: { members: 1, quorate: true, expectedVotes: 1, totalVotes: 1 } as never,
  running: [],
  guests: [],
  locks: [],
  upkeep: { resilvering: [], halfInstalled: [], dkms: [], ceph: [], unread: [] },
}

test('a bot that was away for a while looks at the gates again before the first reboot', async () => {
  const open = oldBoot(300, undefined, settled)
  expect(await open.told).toBeUndefined()
  expect(open.acts).toEqual(['restart'])
  const busy = oldBoot(300, undefined, { ...settled, locks: ['vzdump 101'] })
  expect(await busy.told).toMatchObject({ type: 'failed', because: expect.stringContaining('vzdump 101') })
  expect(busy.acts).toEqual(['stand down'])
})

test.each<[string, number, string | undefined]>([
  ['after a while', 300, undefined],
  ['though changes were frozen meanwhile', 60, 'ann froze all changes'],
  ['however late', guardDeadline + rebootDeadline + 1, undefined],
])('a node that is shutting down already is left to it, %s', async (_, seconds, frozen) => {
  const { told, acts } = oldBoot(seconds, frozen, { ...settled, health: { ...before.health, system: 'stopping' } })
  expect(await told).toBeUndefined()
  expect(acts).toEqual([])
})
