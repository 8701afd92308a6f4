import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, keyed, whole, yesNo } from '../text.ts'

/** System time and hardware clock, both in seconds since 1970 as they read; `rtcInUtc` null = unknown. */
export const Clock = z.object({
  system: z.number().nullable(),
  rtc: z.number().nullable(),
  rtcInUtc: z.boolean().nullable(),
})
export type Clock = z.infer<typeof Clock>

export const clock = defineProbe({
  name: 'clock',
  snippet: snippetFile('clock'),
  schema: Clock,
  parse,
})

function parse(text: string): Clock {
  const key = keyed(content(text))
  const clock = { system: seconds(key('system')), rtc: seconds(key('rtc')), rtcInUtc: yesNo(key('rtc-utc')) }
  if (clock.system === null && clock.rtc === null) throw new NotLearned('no time in it')
  return clock
}

/** Seconds since 1970 as they stand, or a date and time read as if it were UTC. */
function seconds(value: string | null): number | null {
  const plain = whole(value)
  if (plain !== null) return plain
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/.exec(value ?? '') ?? []
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${time}Z`)
  return Number.isNaN(at) ? null : at / 1000
}
