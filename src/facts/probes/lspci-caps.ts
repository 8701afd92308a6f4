import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Capabilities that only root may read; null = the device does not show it. */
export const LspciCaps = z.array(
  z.object({
    address: z.string(),
    flr: z.boolean().nullable(),
    linkSpeed: z.string().nullable(),
    linkWidth: z.number().int().nullable(),
    acsCap: z.string().nullable(),
    acsCtl: z.string().nullable(),
  }),
)
export type LspciCaps = z.infer<typeof LspciCaps>

export const lspciCaps = defineProbe({
  name: 'lspci-caps',
  snippet: '',
  schema: LspciCaps,
  parse: (text) => text,
})
