import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Reserved regions by IOMMU group. `direct` blocks a VFIO attach; `direct-relaxable`, `msi` and `reserved` do not (FACTS 3). */
export const ReservedRegions = z.array(
  z.object({ group: z.number().int(), start: z.string(), end: z.string(), type: z.string() }),
)
export type ReservedRegions = z.infer<typeof ReservedRegions>

export const reservedRegions = defineProbe({
  name: 'reserved-regions',
  snippet: '',
  schema: ReservedRegions,
  parse: (text) => text,
})
