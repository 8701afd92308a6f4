import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Per device what sysfs tells; null = no such file. An empty `resetMethods` means that the device has none. */
export const PciSysfs = z.array(
  z.object({
    address: z.string(),
    resetMethods: z.array(z.string()).nullable(),
    bootVga: z.boolean().nullable(),
    d3coldAllowed: z.boolean().nullable(),
    powerState: z.string().nullable(),
    numaNode: z.number().int().nullable(),
    driverOverride: z.string().nullable(),
    sriovVfs: z.number().int().nullable(),
    physfn: z.string().nullable(),
  }),
)
export type PciSysfs = z.infer<typeof PciSysfs>

export const pciSysfs = defineProbe({
  name: 'pci-sysfs',
  snippet: '',
  schema: PciSysfs,
  parse: (text) => text,
})
