import { Resvg } from '@resvg/resvg-js'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import type { Target } from '../../src/diagnosis/target.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { rules } from '../../src/rules/index.ts'
import { devicesOf } from '../../src/topology/chosen.ts'
import { topologySvg } from '../../src/topology/svg.ts'
import { topologyText } from '../../src/topology/text.ts'
import { topologyOf } from '../../src/topology/topology.ts'
import { anyFacts } from '../diagnosis/any-facts.ts'

const target = fc.constantFrom<Target | null>(null, { kind: 'vm', id: 1 }, { kind: 'device', address: '0000:01:00' })
const address = fc
  .tuple(fc.constantFrom('0000', '10000'), fc.nat(3), fc.nat(2), fc.nat(1))
  .map(([domain, bus, slot, at]) => `${domain}:0${bus}:0${slot}.${at}`)
const words = fc.oneof(
  fc.constantFrom('<b>&"\'', ']]>', '\u0000\u001b[2J', '\ud800', '\ufffe', '\u202e', '名前', 'x'.repeat(300), '…'),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Devices with names of any kind in trees of any shape. */
const anyNode: fc.Arbitrary<Facts> = fc.record(
  {
    'pci-paths': fc.array(fc.record({ address, parent: fc.option(address) }), { maxLength: 30 }),
    'iommu-groups': fc.array(fc.record({ id: fc.nat(4), devices: fc.array(address, { maxLength: 6 }) }), {
      maxLength: 8,
    }),
    lspci: fc.array(
      fc.record({
        ...{
          address,
          class: fc.constantFrom('0604', '0600', '0300', ''),
          className: words,
          vendor: words,
          device: words,
        },
        ...{ name: words, driver: fc.option(words), modules: fc.constant([]) },
      }),
      { maxLength: 30 },
    ),
    'host-devices': fc.array(fc.record({ use: fc.constantFrom('disk', 'nic', 'console'), name: words, address }), {
      maxLength: 5,
    }),
    guests: fc.array(
      fc.record({
        ...{
          id: fc.nat(3),
          kind: fc.constantFrom('qemu' as const, 'lxc' as const),
          name: fc.option(words),
          onboot: fc.boolean(),
        },
        config: fc.constant({}),
        hostpci: fc.array(
          fc.record({
            key: words,
            addresses: fc.array(address, { maxLength: 3 }),
            mapping: fc.constant(null),
            options: fc.constant({}),
          }),
          { maxLength: 2 },
        ),
      }),
      { maxLength: 3 },
    ),
    'reserved-regions': fc.array(
      fc.record({
        group: fc.nat(4),
        start: words,
        end: words,
        type: fc.constantFrom('direct', 'direct-relaxable', 'msi'),
      }),
      { maxLength: 4 },
    ),
  },
  { requiredKeys: [] },
)

test('whatever the facts, the text keeps its room and the picture is valid XML of the right width', () => {
  const property = fc.property(
    fc.oneof(anyNode, anyFacts),
    target,
    fc.record({ columns: fc.integer({ min: 30, max: 80 }), most: fc.integer({ min: 100, max: 3000 }) }),
    fc.nat(30),
    (facts, target, room, most) => {
      const topology = topologyOf(facts, diagnose(rules, facts, { node: 'node3', target, takenAt: null }))
      const text = topologyText(topology, room)
      expect(text.length).toBeLessThanOrEqual(room.most)
      expect(text).toMatch(/\S/)
      for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(room.columns)
      const svg = topologySvg(topology, most)
      expect(new Resvg(svg, { font: { loadSystemFonts: false } }).width).toBe(1000)
      expect(svg).not.toMatch(/="[^"]*(?:NaN|undefined|null)/)
      // In what people read too, unless a device is really called so.
      if (!/"[^"]*(?:NaN|undefined|null)[^"]*"/.test(JSON.stringify(facts)))
        expect(svg).not.toMatch(/NaN|undefined|null/)
      for (const [, x] of svg.matchAll(/<(?:text|rect) x="([^"]+)"/g)) {
        expect(Number(x)).toBeGreaterThanOrEqual(0)
        expect(Number(x)).toBeLessThan(1000)
      }
    },
  )
  fc.assert(property, { numRuns: 300 })
})

test('by paths every address stands in the tree once', () => {
  const property = fc.property(anyNode, (facts) => {
    const topology = topologyOf({ 'pci-paths': [], ...facts }, null)
    const addresses = devicesOf(topology.roots).map((device) => device.address)
    expect(new Set(addresses).size).toBe(addresses.length)
    const seen = [...(facts['pci-paths'] ?? []), ...(facts.lspci ?? [])].map((one) => one.address)
    for (const one of seen) expect(addresses).toContain(one)
  })
  fc.assert(property, { numRuns: 300 })
})
