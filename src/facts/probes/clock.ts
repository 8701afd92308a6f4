import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** System time and hardware clock, both in seconds since 1970 as they read; `rtcInUtc` null = unknown. */
export const Clock = z.object({
  system: z.number().nullable(),
  rtc: z.number().nullable(),
  rtcInUtc: z.boolean().nullable(),
})
export type Clock = z.infer<typeof Clock>

export const clock = defineProbe({
  name: 'clock',
  snippet: '',
  schema: Clock,
  parse: (text) => text,
})
