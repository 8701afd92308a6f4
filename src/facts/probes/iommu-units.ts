import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { filled, looked } from '../text.ts'

/** The IOMMU units that are active (dmar0, ivhd0 …); none means that the kernel runs without an IOMMU. */
export const IommuUnits = z.array(z.string())
export type IommuUnits = z.infer<typeof IommuUnits>

export const iommuUnits = defineProbe({
  name: 'iommu-units',
  snippet: 'ls /sys/class/iommu',
  schema: IommuUnits,
  parse,
})

function parse(text: string): IommuUnits {
  return filled(looked(text)).flatMap((line) => line.match(/\b(?:dmar|ivhd|smmu|iommu)[\w.-]*/g) ?? [])
}
