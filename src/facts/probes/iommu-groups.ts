import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** IOMMU groups with their members as full BDFs (0000:01:00.0). Numbers may have holes; group 0 is a group. */
export const IommuGroups = z.array(z.object({ id: z.number().int(), devices: z.array(z.string()) }))
export type IommuGroups = z.infer<typeof IommuGroups>

export const iommuGroups = defineProbe({
  name: 'iommu-groups',
  snippet: '',
  schema: IommuGroups,
  parse: (text) => text,
})
