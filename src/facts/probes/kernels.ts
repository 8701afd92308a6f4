import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Installed kernel images and which of them run, are pinned, come next. */
export const Kernels = z.object({
  installed: z.array(z.string()),
  running: z.string().nullable(),
  pinned: z.string().nullable(),
  nextBoot: z.string().nullable(),
  default: z.string().nullable(),
})
export type Kernels = z.infer<typeof Kernels>

export const kernels = defineProbe({
  name: 'kernels',
  snippet: '',
  schema: Kernels,
  parse: (text) => text,
})
