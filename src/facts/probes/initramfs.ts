import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Modification times (seconds since 1970) of the running kernel's initramfs and of the newest file it is built from. */
export const Initramfs = z.object({
  image: z.number().nullable(),
  newestSource: z.number().nullable(),
  newestPath: z.string().nullable(),
})
export type Initramfs = z.infer<typeof Initramfs>

export const initramfs = defineProbe({
  name: 'initramfs',
  snippet: '',
  schema: Initramfs,
  parse: (text) => text,
})
