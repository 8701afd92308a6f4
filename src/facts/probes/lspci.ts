import { z } from 'zod'
import { withDomain } from '../address.ts'
import { defineProbe, NotLearned } from '../probe.ts'
import { content, lines } from '../text.ts'

/**
 * PCI devices with class, ids and drivers. `address` is the full BDF; `class`, `vendor` and `device` are four hex digits.
 * `revision` and `headerType` (a type that lspci does not know) are two hex digits read from the device itself: ff and 7f
 * where it does not answer.
 */
export const Lspci = z.array(
  z.object({
    address: z.string(),
    class: z.string(),
    className: z.string(),
    vendor: z.string(),
    device: z.string(),
    name: z.string(),
    driver: z.string().nullable(),
    modules: z.array(z.string()),
    revision: z.string().nullish(),
    headerType: z.string().nullish(),
  }),
)
export type Lspci = z.infer<typeof Lspci>

export const lspci = defineProbe({
  name: 'lspci',
  snippet: 'lspci -Dnnk',
  seconds: 10,
  schema: Lspci,
  parse: parse,
})

const HEAD =
  /^((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) (.*?) ?\[([0-9a-f]{4})\]: (.*?) ?\[([0-9a-f]{4}):([0-9a-f]{4})\](?: \(rev ([0-9a-f]{2})\))?(?: \(|\s*$)/i

function parse(text: string): Lspci {
  const devices: Lspci = []
  for (const line of lines(content(text))) {
    const [, address, className = '', code, name = '', vendor, device, revision] =
      line.length < 2000 ? (HEAD.exec(line) ?? []) : []
    if (address && code && vendor && device) {
      const ids = { class: code.toLowerCase(), vendor: vendor.toLowerCase(), device: device.toLowerCase() }
      const read = revision === undefined ? {} : { revision: revision.toLowerCase() }
      devices.push({ address: withDomain(address), ...ids, className, name, driver: null, modules: [], ...read })
      continue
    }
    const last = devices.at(-1)
    if (!last || !/^\s/.test(line)) continue
    const [, driver] = /^\s+Kernel driver in use: (\S+)/.exec(line) ?? []
    if (driver !== undefined) last.driver = driver
    const [, modules] = /^\s+Kernel modules: (.+?)\s*$/.exec(line) ?? []
    if (modules !== undefined) last.modules = modules.split(/,\s*/)
    const [, type] = /^\s+!!! Unknown header type ([0-9a-f]{2})\b/i.exec(line) ?? []
    if (type !== undefined) last.headerType = type.toLowerCase()
  }
  if (devices.length === 0) throw new NotLearned('no device with its ids in it')
  return devices
}
