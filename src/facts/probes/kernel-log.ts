import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Kernel messages of this boot that matter, without their time stamps. `reachesBoot`: the log begins at the boot, so that what is absent from it was not said. */
export const KernelLog = z.object({ lines: z.array(z.string()), reachesBoot: z.boolean() })
export type KernelLog = z.infer<typeof KernelLog>

export const kernelLog = defineProbe({
  name: 'kernel-log',
  snippet: '',
  schema: KernelLog,
  parse: (text) => text,
})
