import { z } from 'zod'
import { defineProbe } from '../probe.ts'

/** What the host itself stands on: disks, NICs under bridges or addresses, the console. */
export const HostDevices = z.array(z.object({ use: z.string(), name: z.string(), address: z.string() }))
export type HostDevices = z.infer<typeof HostDevices>

export const hostDevices = defineProbe({
  name: 'host-devices',
  snippet: '',
  schema: HostDevices,
  parse: (text) => text,
})
