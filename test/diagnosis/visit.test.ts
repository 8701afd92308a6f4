import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Visit, VisitRecord, visitOf } from '../../src/diagnosis/visit.ts'
import { differenceBetween } from '../../src/diagnosis/visit-difference.ts'
import { device, groups, lspci } from '../rules/sample.ts'

const at = '2026-11-22T09:00:00.000Z'
const health = (...nics: [name: string, mac: string][]) => ({
  health: {
    nics: nics.map(([name, mac]) => ({ name, mac, state: 'up', address: null })),
    bridges: [],
    mounts: [],
    failedUnits: [],
    dmaFaults: 0,
    system: 'running',
  },
})

describe('what is remembered of a visit', () => {
  test('is groups, devices and NICs, as far as they were read', () => {
    const facts = {
      ...groups({ 0: ['0000:00:00.0'], 12: ['0000:01:00.0'] }),
      ...lspci(device('0000:01:00.0')),
      ...health(['eno1', '52:54:00:00:00:01'], ['wg0', 'unknown'], ['tun0', '00:00:00:00:00:00']),
    }
    const visit = {
      at,
      groups: { 0: ['0000:00:00.0'], 12: ['0000:01:00.0'] },
      devices: { '0000:01:00.0': '10de:2504' },
      nics: { eno1: '52:54:00:00:00:01' },
    }
    expect(visitOf(facts, at)).toEqual(visit)
    expect(Visit.parse(JSON.parse(JSON.stringify(visitOf(facts, at))))).toEqual(visit)
    expect(VisitRecord.parse({ ...visit, id: 'node1', version: 1 })).toMatchObject(visit)
    expect(visitOf(groups({}), at)).toEqual({ at, groups: {}, devices: null, nics: null })
  })
  test('is nothing where the groups were not read', () => {
    expect(visitOf({ ...lspci(device('0000:01:00.0')), ...health() }, at)).toBeNull()
  })
})

const address = fc.tuple(fc.nat(3), fc.nat(3)).map(([bus, slot]) => `0000:0${bus}:0${slot}.0`)
const kind = fc.constantFrom('8086:1901', '10de:2504', '1002:73bf')
/** Devices of a few kinds, each in one of a few groups or in none. */
const machine = fc.uniqueArray(fc.record({ address, kind, group: fc.option(fc.nat(4)) }), {
  selector: (one) => one.address,
})
type Machine = readonly { address: string; kind: string; group: number | null }[]
const visitTo = (all: Machine, number = (group: number) => group): Visit => ({
  at,
  groups: Object.fromEntries(
    [...Map.groupBy(all, ({ group }) => group)].flatMap(([group, members]) =>
      group === null ? [] : [[String(number(group)), members.map((one) => one.address)]],
    ),
  ),
  devices: Object.fromEntries(all.map((one) => [one.address, one.kind])),
  nics: null,
})

describe('the difference between two visits', () => {
  test('is nothing between a visit and itself', () => {
    fc.assert(
      fc.property(machine, (all) => {
        expect(Object.values(differenceBetween(visitTo(all), visitTo(all))).flat()).toEqual([])
      }),
    )
  })
  test('is numbers alone when only numbers differ', () => {
    fc.assert(
      fc.property(machine, (all) => {
        const { renumbered, ...rest } = differenceBetween(
          visitTo(all),
          visitTo(all, (group) => group + 7),
        )
        expect(Object.values(rest).flat()).toEqual([])
        expect(renumbered.flatMap(({ devices }) => devices).toSorted()).toEqual(
          all.flatMap((one) => (one.group === null ? [] : [one.address])).toSorted(),
        )
      }),
    )
  })
  test('turned round, what came is gone and what moved moved back', () => {
    fc.assert(
      fc.property(machine, machine, (one, other) => {
        const [there, back] = [
          differenceBetween(visitTo(one), visitTo(other)),
          differenceBetween(visitTo(other), visitTo(one)),
        ]
        expect(back.came.toSorted()).toEqual(there.gone.toSorted())
        expect(back.gone.toSorted()).toEqual(there.came.toSorted())
        expect(back.moved.map(({ from, to }) => `${to} ${from}`).toSorted()).toEqual(
          there.moved.map(({ from, to }) => `${from} ${to}`).toSorted(),
        )
        expect(back.regrouped.toSorted()).toEqual(there.regrouped.toSorted())
      }),
    )
  })
  test('a newcomer in a group regroups nobody', () => {
    const before: Machine = [{ address: '0000:01:00.0', kind: '10de:2504', group: 1 }]
    const now: Machine = [...before, { address: '0000:02:00.0', kind: '8086:1901', group: 1 }]
    expect(differenceBetween(visitTo(before), visitTo(now))).toMatchObject({ came: ['0000:02:00.0'], regrouped: [] })
  })
  test('of two alike nobody says which one moved', () => {
    const before: Machine = ['0000:01:00.0', '0000:02:00.0'].map((one) => ({ address: one, kind: 'a:b', group: 1 }))
    const now: Machine = ['0000:01:00.0', '0000:03:00.0'].map((one) => ({ address: one, kind: 'a:b', group: 1 }))
    expect(differenceBetween(visitTo(before), visitTo(now))).toMatchObject({
      moved: [],
      gone: ['0000:02:00.0'],
      came: ['0000:03:00.0'],
    })
  })
  test('a bond and its ports have one MAC, and only the names that changed are told', () => {
    const mac = '52:54:00:00:00:01'
    const visit = (nics: Record<string, string>): Visit => ({ at, groups: {}, devices: null, nics })
    expect(
      differenceBetween(
        visit({ eno1: mac, eno2: mac, bond0: mac, constructor: 'x' }),
        visit({ enp1s0f0: mac, enp1s0f1: mac, bond0: mac, dummy0: 'x' }),
      ).renamed,
    ).toEqual([
      { from: ['eno1', 'eno2'], to: ['enp1s0f0', 'enp1s0f1'] },
      { from: ['constructor'], to: ['dummy0'] },
    ])
  })
})
