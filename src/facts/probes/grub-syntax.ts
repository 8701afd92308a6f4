import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** What `sh -n` says of the two above, and the GRUB_CMDLINE_… values after sourcing them (absent key = unset). */
export const GrubSyntax = z.object({ errors: z.array(z.string()), values: z.record(z.string(), z.string()) })
export type GrubSyntax = z.infer<typeof GrubSyntax>

export const grubSyntax = defineProbe({
  name: 'grub-syntax',
  snippet: '',
  schema: GrubSyntax,
  parse: (text) => text,
})
