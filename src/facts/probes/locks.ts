import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Running backups, migrations, replications, and package locks, one per line. */
export const Locks = z.array(z.string())
export type Locks = z.infer<typeof Locks>

export const locks = defineProbe({
  name: 'locks',
  snippet: '',
  schema: Locks,
  parse: (text) => text,
})
