import type { Facts } from '../facts/facts.ts'
import { concernOf, namedBy } from './concern.ts'
import type { Target } from './target.ts'

/** A line of the log about a transfer of a device of the target that went wrong. `corrected`: the link repaired it by itself. */
export interface Fault {
  readonly address: string
  readonly line: string
  readonly kind: 'dma' | 'link'
  readonly corrected: boolean
}

const dma =
  /DMAR: ?\[(?:DMA|INTR-REMAP)[^\]]*\] ?Request device|AMD-Vi: Event logged \[(?!$)\w+|^\s*(?:IO_PAGE_FAULT|INVALID_DEVICE_REQUEST|ILLEGAL_DEV_TABLE_ENTRY|IOTLB_INV_TIMEOUT) device=/
const link = /AER:|PCIe Bus Error: severity=/
const repaired = /severity=Correct(?:ed|able)|\bCorrect(?:ed|able) error/i
/** What an error report goes on with: registers and names of bits, which tell nothing alone. */
const idle = /AER: (?:enabled|can't find device|.*aer_(?:status|mask|layer))|error status\/mask/i

/** Faults of this boot on devices of the target, in the order of the log: messages K-DMAR-FAULT, K-INTR-FAULT, K-AMD-FAULT, and AER. */
export function faultsOf(facts: Facts, target: Target | null): Fault[] {
  const concern = concernOf(facts, target)
  const below = new Map((facts['pci-paths'] ?? []).map(({ address, parent }) => [address, parent]))
  return (facts['kernel-log']?.lines ?? []).flatMap((line): Fault[] => {
    const kind = dma.test(line) ? 'dma' : link.test(line) && !idle.test(line) ? 'link' : null
    if (kind === null) return []
    const named = namedBy(line)
    const [address] = [
      ...concern.namedIn(line),
      ...[...below]
        .filter(([one, port]) => port !== null && named.includes(port) && concern.has(one))
        .map(([one]) => one),
    ]
    return address === undefined ? [] : [{ address, line, kind, corrected: kind === 'link' && repaired.test(line) }]
  })
}
