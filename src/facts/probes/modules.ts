import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The lines of /etc/modules and /etc/modules-load.d/*.conf. */
export const Modules = z.array(z.object({ path: z.string(), line: z.string() }))
export type Modules = z.infer<typeof Modules>

export const modules = defineProbe({
  name: 'modules',
  snippet: '',
  schema: Modules,
  parse: (text) => text,
})
