import type { IommuGroups } from '../facts/probes/iommu-groups.ts'
import { cut } from './text.ts'
import { byAddress } from './tree.ts'
import { devicesIn, fitted, short } from './words.ts'

/** How large the text may become: columns, and characters in all. */
const ROOM = { columns: 72, most: 1500 }

/**
 * What a change did to the IOMMU groups, as text for fixed width: who shares a group with whom, before and after. Null when
 * everybody has the company of before; groups that were not read are said to be unknown. Numbers alone mean nothing.
 */
export function groupsMoved(before: IommuGroups | undefined, after: IommuGroups | undefined): string | null {
  if (!before || !after) return `The IOMMU groups ${before ? 'after' : 'before'} the change were not read.`
  const [was, is] = [companyOf(before), companyOf(after)]
  const lines = [...new Set([...was.keys(), ...is.keys()])].toSorted(byAddress).flatMap((address) => {
    const [old, now] = [was.get(address), is.get(address)]
    if (old?.join() === now?.join()) return []
    return [`${short(address)}: ${old ? company(old) : 'in no group'} -> ${now ? company(now) : 'in no group'}`]
  })
  if (lines.length === 0) return null
  const all = [`IOMMU groups before -> after, ${devicesIn(lines.length)}:`, ...lines]
  return cut(
    all.map((line) => fitted(line, ROOM.columns)),
    ROOM.most,
  )
}

/** Every device with the others of its group. */
const companyOf = (groups: IommuGroups): Map<string, readonly string[]> =>
  new Map(
    groups.flatMap(({ devices }) =>
      devices.map((address) => [address, devices.filter((other) => other !== address).toSorted(byAddress)] as const),
    ),
  )

const company = (others: readonly string[]): string =>
  others.length === 0 ? 'alone' : `with ${others.map(short).join(' ')}`
