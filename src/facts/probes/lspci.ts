import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** PCI devices with class, ids and drivers. `address` is the full BDF; `class`, `vendor` and `device` are four hex digits. */
export const Lspci = z.array(
  z.object({
    address: z.string(),
    class: z.string(),
    className: z.string(),
    vendor: z.string(),
    device: z.string(),
    name: z.string(),
    driver: z.string().nullable(),
    modules: z.array(z.string()),
  }),
)
export type Lspci = z.infer<typeof Lspci>

export const lspci = defineProbe({
  name: 'lspci',
  snippet: '',
  schema: Lspci,
  parse: (text) => text,
})
