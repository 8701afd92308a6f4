import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** PCI resource mappings of the cluster. `paths` are full BDFs or slots. */
export const Mappings = z.array(
  z.object({
    name: z.string(),
    entries: z.array(
      z.object({
        node: z.string(),
        id: z.string().nullable(),
        paths: z.array(z.string()),
        iommuGroup: z.number().nullable(),
      }),
    ),
  }),
)
export type Mappings = z.infer<typeof Mappings>

export const mappings = defineProbe({
  name: 'mappings',
  snippet: '',
  schema: Mappings,
  parse: (text) => text,
})
