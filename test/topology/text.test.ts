import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import type { Facts } from '../../src/facts/facts.ts'
import { topologyText } from '../../src/topology/text.ts'
import { topologyOf } from '../../src/topology/topology.ts'
import { NODES } from './golden-nodes.ts'
import { largeServer, pictured } from './nodes.ts'

describe('the text', () => {
  test.each(NODES)('reads as it was reviewed: %s', async (name, topology) => {
    await expect(`${topologyText(await topology())}\n`).toMatchFileSnapshot(`golden/${name}.txt`)
  })

  test('of hundreds of devices stays within its room, keeps the trouble, and counts what it leaves out', () => {
    const topology = pictured(largeServer(30))
    for (const most of [400, 900, 2800, 8000]) {
      const text = topologyText(topology, { columns: 60, most })
      expect(text.length).toBeLessThanOrEqual(most)
      expect(text).toMatch(/^BLOCKER group-holds-host-device\n {2}81:00/)
      expect(text).toMatch(/… \d+ more devices left out/)
    }
    const text = topologyText(topology, { columns: 60, most: 2800 })
    const shown = text.match(/^[│ ]*[├└] [0-9a-f]{2}:/gm)?.length ?? 0
    const left = Number(/… (\d+) more devices left out/.exec(text)?.[1])
    expect(shown + left).toBe(30 * 34 + 3)
    for (const kept of ['GUEST vm 300 nas', 'HOST disk /', 'GUEST vm 200 router', 'HOST nic vmbr0'])
      expect(text).toContain(kept)
  })

  test('says when even trouble had to be left out', () => {
    const text = topologyText(pictured(largeServer(2)), { columns: 60, most: 200 })
    expect(text).toMatch(/more devices left out,\s+2 of them with trouble/)
  })

  test('has no line that is too wide, however deep the tree is', () => {
    const deep: Facts = {
      'pci-paths': Array.from({ length: 40 }, (_, level) => ({
        address: `0000:${(level + 16).toString(16)}:00.0`,
        parent: level ? `0000:${(level + 15).toString(16)}:00.0` : null,
      })),
    }
    const lines = topologyText(topologyOf(deep, null), { columns: 40, most: 5000 }).split('\n')
    expect(lines.length).toBeGreaterThan(40)
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(40)
  })

  test('names what is given to a guest and is not there', () => {
    const server = largeServer(1)
    const guests = server.guests?.map((guest) => ({
      ...guest,
      hostpci: guest.hostpci.map((one) => ({ ...one, addresses: ['0000:99:00.0'] })),
    }))
    expect(topologyText(topologyOf({ ...server, ...(guests && { guests }) }, null))).toContain(
      'MISSING 99:00.0: not on this node\n  GUEST vm 200 router, running\n',
    )
  })

  test('says what was not read, and that the IOMMU is off', () => {
    expect(topologyText(topologyOf({}, null))).toMatch(
      /^No PCI device was seen\.\nNot read, so not shown: which bridge/,
    )
    const off = { ...largeServer(1), 'iommu-groups': [], 'iommu-units': [] }
    expect(topologyText(topologyOf(off, null))).toContain('The IOMMU is off, so there are no groups.')
  })

  test.each([
    ['intel', 'RMRR direct: no guest can get it'],
    ['amd', 'IVMD direct\n'],
    ['other', 'firmware memory direct\n'],
  ] as const)('calls the regions of %s what they are', (vendor, words) => {
    const facts = { ...largeServer(1), cpu: { vendor, model: null, flags: null }, 'iommu-units': ['iommu'] }
    const regions = [{ group: 0, start: '0x1000', end: '0x1fff', type: 'direct' }]
    const text = topologyText(topologyOf({ ...facts, 'reserved-regions': regions }, null))
    expect(text).toContain(words)
    expect(text.match(/direct/g)).toHaveLength(2)
  })
})
