import { z } from 'zod'
import { FULL_ADDRESS, withDomain } from '../address.ts'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, lines, whole } from '../text.ts'

/** Per device what sysfs tells; null = no such file. An empty `resetMethods` means that the device has none. */
export const PciSysfs = z.array(
  z.object({
    address: z.string(),
    resetMethods: z.array(z.string()).nullable(),
    bootVga: z.boolean().nullable(),
    d3coldAllowed: z.boolean().nullable(),
    powerState: z.string().nullable(),
    numaNode: z.number().int().nullable(),
    driverOverride: z.string().nullable(),
    sriovVfs: z.number().int().nullable(),
    physfn: z.string().nullable(),
  }),
)
export type PciSysfs = z.infer<typeof PciSysfs>

export const pciSysfs = defineProbe({
  name: 'pci-sysfs',
  snippet: snippetFile('pci-sysfs'),
  schema: PciSysfs,
  parse: parse,
})

function parse(text: string): PciSysfs {
  const devices = lines(content(text)).flatMap((line) => {
    const [first = '', ...words] = line.trim().split(/\s+/)
    const address = withDomain(first)
    return FULL_ADDRESS.test(address) ? [deviceOf(address, words)] : []
  })
  if (devices.length === 0) throw new NotLearned('no device in it')
  return devices
}

function deviceOf(address: string, words: readonly string[]): PciSysfs[number] {
  const values = new Map(words.map((word) => [word.split('=', 1)[0], word.slice(word.indexOf('=') + 1)]))
  const or = (key: string) => values.get(key) || null
  const bit = (key: string) => (or(key) === '1' ? true : or(key) === '0' ? false : null)
  const override = or('driver_override')
  const physfn = or('physfn')
  return {
    address,
    resetMethods: values.get('reset_method')?.split(',').filter(Boolean) ?? null,
    bootVga: bit('boot_vga'),
    d3coldAllowed: bit('d3cold_allowed'),
    powerState: or('power_state'),
    numaNode: whole(or('numa_node')),
    driverOverride: override === '(null)' ? null : override,
    sriovVfs: whole(or('sriov_numvfs')),
    physfn: physfn && withDomain(physfn),
  }
}
