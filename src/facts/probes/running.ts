import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Guests that run now. */
export const Running = z.array(z.object({ kind: z.enum(['qemu', 'lxc']), id: z.number().int() }))
export type Running = z.infer<typeof Running>

export const running = defineProbe({
  name: 'running',
  snippet: '',
  schema: Running,
  parse: (text) => text,
})
