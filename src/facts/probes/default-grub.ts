import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** /etc/default/grub, byte for byte; null = there is no such file. */
export const DefaultGrub = z.object({ text: z.string().nullable() })
export type DefaultGrub = z.infer<typeof DefaultGrub>

export const defaultGrub = defineProbe({
  name: 'default-grub',
  snippet: '',
  schema: DefaultGrub,
  parse: (text) => text,
})
