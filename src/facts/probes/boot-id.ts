import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** The id of this boot; another one is the proof of a reboot. */
export const BootId = z.uuid()
export type BootId = z.infer<typeof BootId>

export const bootId = defineProbe({
  name: 'boot-id',
  snippet: '',
  schema: BootId,
  parse: (text) => text,
})
