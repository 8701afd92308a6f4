import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The newest failed start tasks. `startedAt` is in seconds since 1970; `lines` is the log without its last line when that is the `TASK ERROR`, which then is `error`. */
export const Tasks = z.array(
  z.object({
    upid: z.string().nullable(),
    guest: z.number().int().nullable(),
    startedAt: z.number().nullable(),
    lines: z.array(z.string()),
    error: z.string().nullable(),
  }),
)
export type Tasks = z.infer<typeof Tasks>

export const tasks = defineProbe({
  name: 'tasks',
  snippet: '',
  schema: Tasks,
  parse: (text) => text,
})
