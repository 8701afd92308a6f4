import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The /etc/default/grub.d/*.cfg files in the order in which they are sourced, byte for byte. */
export const DefaultGrubD = z.array(z.object({ path: z.string(), text: z.string() }))
export type DefaultGrubD = z.infer<typeof DefaultGrubD>

export const defaultGrubD = defineProbe({
  name: 'default-grub-d',
  snippet: '',
  schema: DefaultGrubD,
  parse: (text) => text,
})
