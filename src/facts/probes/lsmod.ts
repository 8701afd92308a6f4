import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Loaded modules by name. */
export const Lsmod = z.array(z.string())
export type Lsmod = z.infer<typeof Lsmod>

export const lsmod = defineProbe({
  name: 'lsmod',
  snippet: '',
  schema: Lsmod,
  parse: (text) => text,
})
