import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Memory that a boot framebuffer holds: range and name. */
export const Iomem = z.array(z.object({ range: z.string(), name: z.string() }))
export type Iomem = z.infer<typeof Iomem>

export const iomem = defineProbe({
  name: 'iomem',
  snippet: '',
  schema: Iomem,
  parse: (text) => text,
})
