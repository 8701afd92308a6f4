import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The running kernel's release, as `uname -r` prints it. */
export const Uname = z.string().min(1)
export type Uname = z.infer<typeof Uname>

export const uname = defineProbe({
  name: 'uname',
  snippet: '',
  schema: Uname,
  parse: (text) => text,
})
