import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Rule } from '../../src/diagnosis/rule.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { ask, type Shown } from './test-rule.ts'

type Sysfs = NonNullable<Facts['pci-sysfs']>[number]
/** A device as sysfs shows it. */
export const shown = (address: string, rest: Partial<Sysfs> = {}): Sysfs => ({
  address,
  resetMethods: ['flr', 'bus'],
  bootVga: null,
  d3coldAllowed: true,
  powerState: 'D0',
  numaNode: null,
  driverOverride: null,
  sriovVfs: null,
  physfn: null,
  ...rest,
})
export const sysfs = (...devices: Sysfs[]): Facts => ({ 'pci-sysfs': devices })

type Caps = NonNullable<Facts['lspci-caps']>[number]
export const link = (address: string, linkSpeed: string | null, linkWidth: number | null): Caps => ({
  address,
  flr: null,
  linkSpeed,
  linkWidth,
  acsCap: null,
  acsCtl: null,
})
export const caps = (...devices: Caps[]): Facts => ({ 'lspci-caps': devices })

/** What /proc/iomem shows of boot framebuffers: name and the device whose region it is. */
export const iomem = (...entries: [name: string, device: string | null][]): Facts => ({
  iomem: entries.map(([name, device]) => ({ range: 'c0000000-c07fffff', name, device })),
})

/** Taking probes away may make an answer unknown, never found of ok nor ok of found. */
export function neverTurns(rule: Rule, ...tables: Readonly<Record<string, Shown>>[]): void {
  describe(`${rule.id}, with less to see,`, () => {
    test.each(tables.flatMap((table) => Object.entries(table)))('never turns round: %s', (_, one) => {
      const before = ask(rule, one).status
      const probes = Object.keys(one.facts)
      fc.assert(
        fc.property(fc.subarray(probes, { minLength: 1 }), (gone) => {
          const facts = Object.fromEntries(Object.entries(one.facts).filter(([name]) => !gone.includes(name))) as Facts
          const after = ask(rule, { ...one, facts }).status
          expect([before, 'unknown']).toContain(before === 'unknown' ? 'unknown' : after)
        }),
      )
    })
  })
}
