import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { plainLine } from '../text.ts'

/** The id of this boot; another one is the proof of a reboot. */
export const BootId = z.uuid()
export type BootId = z.infer<typeof BootId>

export const bootId = defineProbe({
  name: 'boot-id',
  snippet: 'cat /proc/sys/kernel/random/boot_id',
  schema: BootId,
  parse: (text) => plainLine(text).toLowerCase(),
})
