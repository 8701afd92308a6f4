import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The entries of the generated GRUB configuration, in order. `path` is the nested id GRUB_DEFAULT would name (`submenu>entry`); `image` is the kernel file, `words` the arguments behind it. */
export const GrubCfg = z.array(
  z.object({
    title: z.string(),
    id: z.string().nullable(),
    image: z.string().nullable(),
    words: z.array(z.string()),
    recovery: z.boolean(),
  }),
)
export type GrubCfg = z.infer<typeof GrubCfg>

export const grubCfg = defineProbe({
  name: 'grub-cfg',
  snippet: '',
  schema: GrubCfg,
  parse: (text) => text,
})
