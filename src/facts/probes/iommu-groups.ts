import { z } from 'zod'
import { withDomain } from '../address.ts'
import { defineProbe } from '../probe.ts'
import { lines, looked } from '../text.ts'

/** IOMMU groups with their members as full BDFs (0000:01:00.0). Numbers may have holes; group 0 is a group. */
export const IommuGroups = z.array(z.object({ id: z.number().int(), devices: z.array(z.string()) }))
export type IommuGroups = z.infer<typeof IommuGroups>

export const iommuGroups = defineProbe({
  name: 'iommu-groups',
  snippet: 'find /sys/kernel/iommu_groups -type l',
  schema: IommuGroups,
  parse: parse,
})

function parse(text: string): IommuGroups {
  const groups = new Map<number, Set<string>>()
  for (const line of lines(looked(text))) {
    const [, id, address] =
      /iommu_groups\/(\d{1,9})\/devices\/((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\s*$/i.exec(line) ?? []
    if (id === undefined || address === undefined) continue
    const group = groups.get(Number(id)) ?? new Set()
    groups.set(Number(id), group.add(withDomain(address)))
  }
  return [...groups].sort(([a], [b]) => a - b).map(([id, devices]) => ({ id, devices: [...devices].sort() }))
}
