/** A range of memory, both ends included, as firmware tables have it. */
export interface Range {
  base: number
  end: number
}

const revisionAt = 24 // OEM revision: an override table is taken only when it is newer
const checksumAt = 9
const lengthAt = 4

/** A DMAR table with one more reserved region, for the PCI device at bus 0, `slot`.0; revision, length and checksum follow. */
export function withReservedRegion(table: Buffer, region: Range, slot: number): Buffer {
  if (table.toString('latin1', 0, 4) !== 'DMAR') throw new Error('not a DMAR table')
  const grown = Buffer.concat([table, reservedRegion(region, slot)])
  grown.writeUInt32LE(grown.length, lengthAt)
  grown.writeUInt32LE(table.readUInt32LE(revisionAt) + 1, revisionAt)
  grown[checksumAt] = 0
  grown[checksumAt] = -sum(grown) & 0xff
  return grown
}

/** RMRR (type 1) of segment 0 with the scope of one endpoint: enumeration 0, start bus 0, path slot.0. */
function reservedRegion({ base, end }: Range, slot: number): Buffer {
  const bytes = Buffer.alloc(32)
  bytes.writeUInt16LE(1, 0)
  bytes.writeUInt16LE(bytes.length, 2)
  bytes.writeBigUInt64LE(BigInt(base), 8)
  bytes.writeBigUInt64LE(BigInt(end), 16)
  bytes.set([1, 8, 0, 0, 0, 0, slot, 0], 24)
  return bytes
}

/** All bytes of a table add up to 0 modulo 256. */
export const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => total + byte, 0) & 0xff

/**
 * 64 KB that the firmware itself keeps from the system, below 4 GB, where an RMRR may lie:
 * the end of the last reserved range inside RAM. Lines are `<start> <end> <type>` of /sys/firmware/memmap.
 */
export function firmwareReserved(lines: string): Range {
  const ranges = [...lines.matchAll(/^0x([0-9a-f]+) 0x([0-9a-f]+) (.+)$/gm)].map(([, start, end, type]) => ({
    base: Number.parseInt(start ?? '', 16),
    end: Number.parseInt(end ?? '', 16),
    ram: type === 'System RAM',
  }))
  const top = Math.max(...ranges.filter(({ ram }) => ram).map(({ end }) => end))
  const size = 0x10000
  const fits = ({ base, end, ram }: Range & { ram: boolean }) =>
    !ram && base > 0x100000 && end + 1 - base >= size && end <= top + 0x400000 && (end + 1) % 0x1000 === 0
  const found = ranges.filter(fits).sort((one, other) => other.end - one.end)[0]
  if (!found) throw new Error(`the firmware reserves no 64 KB of RAM:\n${lines}`)
  return { base: found.end + 1 - size, end: found.end }
}
