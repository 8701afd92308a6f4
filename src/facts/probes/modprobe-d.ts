import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The lines of /etc/modprobe.d/*.conf. */
export const ModprobeD = z.array(z.object({ path: z.string(), line: z.string() }))
export type ModprobeD = z.infer<typeof ModprobeD>

export const modprobeD = defineProbe({
  name: 'modprobe-d',
  snippet: '',
  schema: ModprobeD,
  parse: (text) => text,
})
