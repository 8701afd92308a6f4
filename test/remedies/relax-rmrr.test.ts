import { describe, expect, test } from 'vitest'
import type { Facts } from '../../src/facts/facts.ts'
import { relaxRmrr } from '../../src/remedies/relax-rmrr.ts'

const nic = '0000:04:00.0'
const ailment = { cause: 'rmrr-blocks-device', devices: [nic] }
const region = (type: string) => [{ group: 7, start: '0x1000', end: '0x1fff', type }]
const facts = (line: string, more: Partial<Facts> = {}): Facts => ({
  cmdline: { line, words: line.split(' ') },
  cpu: { vendor: 'intel', model: null, flags: null },
  'iommu-groups': [{ id: 7, devices: [nic] }],
  ...more,
})

describe('relax-rmrr', () => {
  test('merges into the list that is there', () => {
    expect(relaxRmrr.wish(facts('quiet intel_iommu=on'), ailment)).toMatchObject({
      args: { add: ['intel_iommu=on,relax_rmrr'], remove: ['intel_iommu=on'] },
    })
  })
  test('quotes the kernel’s own warning', () => {
    expect(JSON.stringify(relaxRmrr.wish(facts('quiet'), ailment))).toContain('instability or data loss')
  })
  test('is refused on AMD', () => {
    expect(
      relaxRmrr.wish({ ...facts('quiet'), cpu: { vendor: 'amd', model: null, flags: null } }, ailment),
    ).toHaveProperty('refused')
  })
  test('is refused where the host stands on that group', () => {
    const host = { 'host-devices': [{ use: 'nic', name: 'vmbr0', address: nic }] }
    expect(relaxRmrr.wish(facts('quiet', host), ailment)).toMatchObject({ refused: expect.stringContaining('vmbr0') })
  })
  test('is cured by the region of that group, not by the kernel’s word', () => {
    expect(relaxRmrr.uncured(facts('x', { 'reserved-regions': region('direct-relaxable') }), ailment)).toEqual([])
    expect(relaxRmrr.uncured(facts('x', { 'reserved-regions': region('direct') }), ailment)).toEqual([
      expect.stringContaining('group 7'),
    ])
    expect(relaxRmrr.uncured(facts('x'), ailment)).not.toEqual([])
  })
})
