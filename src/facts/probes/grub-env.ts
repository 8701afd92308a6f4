import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** GRUB's environment block, and what stands under /boot: can GRUB write there, is custom.cfg sourced. Keys as printed; null = not shown. */
export const GrubEnv = z.object({
  variables: z.record(z.string(), z.string()),
  bootSource: z.string().nullable(),
  bootUuid: z.string().nullable(),
  bootFs: z.string().nullable(),
  bootStack: z.enum(['plain', 'lvm', 'raid', 'crypt', 'other']).nullable(),
  bootWritable: z.boolean().nullable(),
  grubDefault: z.string().nullable(),
  customSha256: z.string().nullable(),
  customSourced: z.boolean().nullable(),
  tools: z.array(z.string()),
})
export type GrubEnv = z.infer<typeof GrubEnv>

export const grubEnv = defineProbe({
  name: 'grub-env',
  snippet: '',
  schema: GrubEnv,
  parse: (text) => text,
})
