import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** Guests of this node as configured (snapshots and pending sections left out). `addresses` are as written, domain added: a BDF, or a slot without function for all functions. */
export const Guests = z.array(
  z.object({
    id: z.number().int(),
    kind: z.enum(['qemu', 'lxc']),
    name: z.string().nullable(),
    onboot: z.boolean(),
    config: z.record(z.string(), z.string()),
    hostpci: z.array(
      z.object({
        key: z.string(),
        addresses: z.array(z.string()),
        mapping: z.string().nullable(),
        options: z.record(z.string(), z.string()),
      }),
    ),
  }),
)
export type Guests = z.infer<typeof Guests>

export const guests = defineProbe({
  name: 'guests',
  snippet: '',
  schema: Guests,
  parse: (text) => text,
})
