import { describe, expect, test } from 'vitest'
import { groupsMoved } from '../../src/topology/groups-moved.ts'

const [gpu, sound, disk] = ['0000:01:00.0', '0000:01:00.1', '0000:02:00.0'] as const
const together = [{ id: 1, devices: [gpu, sound, disk] }]

describe('what a change did to the groups', () => {
  test.each([
    ['nothing', together, [{ id: 1, devices: [disk, gpu, sound] }], null],
    ['only the numbers are others', together, [{ id: 14, devices: [gpu, sound, disk] }], null],
    ['there were none before, and are none', [], [], null],
    [
      'a disk has a group of its own',
      together,
      [
        { id: 1, devices: [gpu, sound] },
        { id: 2, devices: [disk] },
      ],
      [
        'IOMMU groups before -> after, 3 devices:',
        '01:00.0: with 01:00.1 02:00.0 -> with 01:00.1',
        '01:00.1: with 01:00.0 02:00.0 -> with 01:00.0',
        '02:00.0: with 01:00.0 01:00.1 -> alone',
      ].join('\n'),
    ],
    [
      'the IOMMU is on now',
      [],
      [{ id: 0, devices: [gpu] }],
      'IOMMU groups before -> after, 1 device:\n01:00.0: in no group -> alone',
    ],
    ['they were not read before', undefined, together, 'The IOMMU groups before the change were not read.'],
    ['they could not be read after', together, undefined, 'The IOMMU groups after the change were not read.'],
  ])('%s', (_, before, after, text) => expect(groupsMoved(before, after)).toBe(text))

  test('stays short with hundreds of devices', () => {
    const devices = Array.from({ length: 400 }, (_, n) => `0000:${(n >> 3).toString(16).padStart(2, '0')}:00.${n % 8}`)
    const text =
      groupsMoved(
        [{ id: 0, devices }],
        devices.map((address, id) => ({ id, devices: [address] })),
      ) ?? ''
    expect(text.length).toBeLessThanOrEqual(1500)
    expect(text).toMatch(/^IOMMU groups before -> after, 400 devices:/)
    expect(text).toMatch(/… \d+ more lines$/)
  })
})
