import { z } from 'zod'
import { FULL_ADDRESS } from '../address.ts'
import { defineProbe, NotLearned } from '../probe.ts'
import { content, lines } from '../text.ts'

/** Where each device hangs, from its place in /sys/devices: `parent` is the bridge above it; null = directly on a root bus. */
export const PciPaths = z.array(z.object({ address: z.string(), parent: z.string().nullable() }))
export type PciPaths = z.infer<typeof PciPaths>

export const pciPaths = defineProbe({
  name: 'pci-paths',
  snippet: 'for device in /sys/bus/pci/devices/*; do cd -P "$device" && pwd -P; done',
  schema: PciPaths,
  parse,
})

function parse(text: string): PciPaths {
  const devices = lines(content(text)).flatMap((line) => {
    const parts = line.trim().toLowerCase().split('/')
    const address = parts.at(-1) ?? ''
    if (!FULL_ADDRESS.test(address)) return []
    return [{ address, parent: parts.slice(0, -1).findLast((part) => FULL_ADDRESS.test(part)) ?? null }]
  })
  if (devices.length === 0) throw new NotLearned('no device in it')
  return devices
}
