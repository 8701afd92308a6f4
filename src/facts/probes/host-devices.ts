import { z } from 'zod'
import { FULL_ADDRESS, withDomain } from '../address.ts'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, lines } from '../text.ts'

/** What the host itself stands on: disks, NICs under bridges or addresses, the console. */
export const HostDevices = z.array(z.object({ use: z.string(), name: z.string(), address: z.string() }))
export type HostDevices = z.infer<typeof HostDevices>

export const hostDevices = defineProbe({
  name: 'host-devices',
  snippet: snippetFile('host-devices'),
  seconds: 10,
  schema: HostDevices,
  parse,
})

function parse(text: string): HostDevices {
  const devices = lines(content(text)).flatMap((line) => {
    const [, use, name, address = ''] = /^\s*(disk|nic|console)\s+(\S+)\s+(\S+)\s*$/.exec(line) ?? []
    const full = withDomain(address)
    return use !== undefined && name !== undefined && FULL_ADDRESS.test(full) ? [{ use, name, address: full }] : []
  })
  if (devices.length === 0) throw new NotLearned('no device in it')
  return devices
}
