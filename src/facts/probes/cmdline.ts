import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** What the running kernel was started with: the line as it stands, and its words (kernel quoting respected). */
export const Cmdline = z.object({ line: z.string(), words: z.array(z.string()) })
export type Cmdline = z.infer<typeof Cmdline>

export const cmdline = defineProbe({
  name: 'cmdline',
  snippet: '',
  schema: Cmdline,
  parse: (text) => text,
})
