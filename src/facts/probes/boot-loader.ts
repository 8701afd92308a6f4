import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Which loader started this boot, by its own account, and the ESPs of the disks. */
export const BootLoader = z.object({
  loaderInfo: z.string().nullable(),
  bootCurrent: z.string().nullable(),
  shim: z.boolean().nullable(),
  esps: z.array(z.object({ device: z.string(), uuid: z.string(), fs: z.string(), mountedAt: z.string().nullable() })),
})
export type BootLoader = z.infer<typeof BootLoader>

export const bootLoader = defineProbe({
  name: 'boot-loader',
  snippet: '',
  schema: BootLoader,
  parse: (text) => text,
})
