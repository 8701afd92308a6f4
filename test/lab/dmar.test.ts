import { describe, expect, test } from 'vitest'
import { firmwareReserved, sum, withReservedRegion } from './dmar.ts'

/** A DMAR header with nothing behind it, as QEMU's OEM fields have it. */
function emptyTable(): Buffer {
  const table = Buffer.alloc(48)
  table.write('DMAR', 0, 'latin1')
  table.writeUInt32LE(48, 4)
  table.write('BOCHS ', 10, 'latin1')
  table.writeUInt32LE(1, 24)
  table[9] = -sum(table) & 0xff
  return table
}

describe('a DMAR table with a reserved region', () => {
  const grown = withReservedRegion(emptyTable(), { base: 0x3f000000, end: 0x3f00ffff }, 4)

  test('is longer by one RMRR, newer, and adds up', () => {
    expect(grown.length).toBe(80)
    expect(grown.readUInt32LE(4)).toBe(80)
    expect(grown.readUInt32LE(24)).toBe(2)
    expect(sum(grown)).toBe(0)
  })

  test('names the region and the device', () => {
    expect(grown.subarray(48).toString('hex')).toBe(
      '01002000' + '00000000' + '0000003f00000000' + 'ffff003f00000000' + '0108000000000400',
    )
  })

  test('is refused for another table', () => {
    expect(() => withReservedRegion(Buffer.from('APIC'.padEnd(48)), { base: 0, end: 0xffff }, 4)).toThrow('not a DMAR')
  })
})

describe('memory the firmware reserves', () => {
  test('is found at the top of RAM, not below 1 MB nor in device space', () => {
    const map = [
      '0x0 0x9fbff System RAM',
      '0xf0000 0xfffff Reserved',
      '0x100000 0x3ffdefff System RAM',
      '0x3ffdf000 0x3fffffff Reserved',
      '0xb0000000 0xbfffffff Reserved',
    ]
    expect(firmwareReserved(map.join('\n'))).toEqual({ base: 0x3fff0000, end: 0x3fffffff })
  })

  test('has to exist', () => {
    expect(() => firmwareReserved('0x0 0x3fffffff System RAM')).toThrow('reserves no 64 KB')
  })
})
