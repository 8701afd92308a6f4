import type { Facts } from '../facts/facts.ts'
import { type Board, lossesOf, menuPath } from '../knowledge/boards.ts'
import { iommuVendor } from './iommu.ts'
import { intelSwitch, offSwitches } from './kernel-line.ts'

/** The board as DMI names it; null where that was not read. */
const boardOf = ({ firmware }: Facts): Board | null =>
  firmware && (firmware.sysVendor !== null || firmware.product !== null)
    ? { vendor: firmware.sysVendor ?? '', product: firmware.product ?? '' }
    : null

/** How a board is called in a sentence; empty where its name was not read. */
export const boardName = (facts: Facts): string => {
  const board = boardOf(facts)
  return board ? [board.vendor, board.product].filter(Boolean).join(' ') : ''
}

/** Where the firmware setup has the switch, to end a sentence with; empty where nobody knows it for this maker. */
export function whereInSetup(facts: Facts, what: 'iommu' | 'virtualization'): string {
  const board = boardOf(facts)
  const vendor = iommuVendor(facts)
  const path = board && vendor ? menuPath(board, vendor, what) : null
  return path === null ? '' : `; on boards of this maker the switch is usually "${path}"`
}

/** What may be lost on this board when the IOMMU goes on, one sentence each; empty for boards that nobody has complained of. */
export function risksOfPlatform(facts: Facts): string[] {
  const board = boardOf(facts)
  if (!board) return []
  return lossesOf(board).map(
    ({ loses, source }) =>
      `On boards like this one (${boardName(facts)}) switching the IOMMU on has cost ${loses} (${source}).`,
  )
}

/** Would the kernel line `kept` switch on what the line `now` leaves off? */
export const switchesIommuOn = (now: readonly string[], kept: readonly string[]): boolean =>
  (intelSwitch(kept) === 'on' && intelSwitch(now) !== 'on') ||
  (offSwitches(now).length > 0 && offSwitches(kept).length === 0)
