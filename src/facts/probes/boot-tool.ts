import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** What `proxmox-boot-tool status` says. `managed`: it keeps the ESPs of this node. */
export const BootTool = z.object({
  managed: z.boolean(),
  booted: z.enum(['uefi', 'bios']).nullable(),
  esps: z.array(
    z.object({
      uuid: z.string(),
      loaders: z.array(z.object({ kind: z.enum(['uefi', 'grub']), versions: z.array(z.string()) })),
    }),
  ),
  warnings: z.array(z.string()),
})
export type BootTool = z.infer<typeof BootTool>

export const bootTool = defineProbe({
  name: 'boot-tool',
  snippet: '',
  schema: BootTool,
  parse: (text) => text,
})
