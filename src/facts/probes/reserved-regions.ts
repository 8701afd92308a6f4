import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { lines, looked } from '../text.ts'

/** Reserved regions by IOMMU group. `direct` blocks a VFIO attach; `direct-relaxable`, `msi` and `reserved` do not (FACTS 3). */
export const ReservedRegions = z.array(
  z.object({ group: z.number().int(), start: z.string(), end: z.string(), type: z.string() }),
)
export type ReservedRegions = z.infer<typeof ReservedRegions>

export const reservedRegions = defineProbe({
  name: 'reserved-regions',
  snippet: snippetFile('reserved-regions'),
  schema: ReservedRegions,
  parse: parse,
})

function parse(text: string): ReservedRegions {
  return lines(looked(text)).flatMap((line) => {
    const [, group, start, end, type] =
      /iommu_groups\/(\d{1,9})\/reserved_regions:\s*(0x[0-9a-f]+)\s+(0x[0-9a-f]+)\s+([\w-]+)\s*$/i.exec(line) ?? []
    if (group === undefined || start === undefined || end === undefined || type === undefined) return []
    return [{ group: Number(group), start, end, type }]
  })
}
