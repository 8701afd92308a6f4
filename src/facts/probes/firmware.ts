import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** What the firmware is and offers. null = not shown. `acpiTables` holds table names such as DMAR and IVRS. */
export const Firmware = z.object({
  efi: z.boolean().nullable(),
  secureBoot: z.enum(['enabled', 'disabled', 'unknown']),
  sysVendor: z.string().nullable(),
  product: z.string().nullable(),
  biosVersion: z.string().nullable(),
  biosDate: z.string().nullable(),
  acpiTables: z.array(z.string()).nullable(),
})
export type Firmware = z.infer<typeof Firmware>

export const firmware = defineProbe({
  name: 'firmware',
  snippet: '',
  schema: Firmware,
  parse: (text) => text,
})
