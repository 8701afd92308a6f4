import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The IOMMU units that are active (dmar0, ivhd0 …); none means that the kernel runs without an IOMMU. */
export const IommuUnits = z.array(z.string())
export type IommuUnits = z.infer<typeof IommuUnits>

export const iommuUnits = defineProbe({
  name: 'iommu-units',
  snippet: '',
  schema: IommuUnits,
  parse: (text) => text,
})
