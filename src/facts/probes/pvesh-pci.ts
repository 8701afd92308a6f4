import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The PCI devices as the Proxmox API lists them; group -1 = none. */
export const PveshPci = z.array(z.object({ id: z.string(), iommuGroup: z.number().int() }))
export type PveshPci = z.infer<typeof PveshPci>

export const pveshPci = defineProbe({
  name: 'pvesh-pci',
  snippet: '',
  schema: PveshPci,
  parse: (text) => text,
})
