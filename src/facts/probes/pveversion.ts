import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The Proxmox VE version; `manager` is null on a node without Proxmox. `packages` is empty when only the first line was taken. */
export const PveVersion = z.object({
  manager: z.string().nullable(),
  running: z.string().nullable(),
  packages: z.record(z.string(), z.string()),
})
export type PveVersion = z.infer<typeof PveVersion>

export const pveversion = defineProbe({
  name: 'pveversion',
  snippet: '',
  schema: PveVersion,
  parse: (text) => text,
})
