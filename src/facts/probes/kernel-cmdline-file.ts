import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** /etc/kernel/cmdline; only its first line counts. null = there is no such file. */
export const KernelCmdlineFile = z.object({ first: z.string().nullable() })
export type KernelCmdlineFile = z.infer<typeof KernelCmdlineFile>

export const kernelCmdlineFile = defineProbe({
  name: 'kernel-cmdline-file',
  snippet: '',
  schema: KernelCmdlineFile,
  parse: (text) => text,
})
