import { z } from 'zod'
import { withDomain } from '../address.ts'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, lines } from '../text.ts'

/** Capabilities that only root may read; null = the device does not show it. */
export const LspciCaps = z.array(
  z.object({
    address: z.string(),
    flr: z.boolean().nullable(),
    linkSpeed: z.string().nullable(),
    linkWidth: z.number().int().nullable(),
    acsCap: z.string().nullable(),
    acsCtl: z.string().nullable(),
  }),
)
export type LspciCaps = z.infer<typeof LspciCaps>

export const lspciCaps = defineProbe({
  name: 'lspci-caps',
  snippet: snippetFile('lspci-caps'),
  slow: true,
  seconds: 20,
  maxBytes: 1024 * 1024,
  schema: LspciCaps,
  parse: parse,
})

function parse(text: string): LspciCaps {
  const devices: LspciCaps = []
  let denied = 0
  for (const line of lines(content(text))) {
    const [, address] = /^((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\s/i.exec(line) ?? []
    if (address !== undefined) {
      const none = { flr: null, linkSpeed: null, linkWidth: null, acsCap: null, acsCtl: null }
      devices.push({ address: withDomain(address), ...none })
      continue
    }
    if (line.includes('access denied')) denied += 1
    const last = devices.at(-1)
    if (last && line.length < 2000) read(line, last)
  }
  if (devices.length === 0) throw new NotLearned('no device in it')
  if (denied > 0 && devices.every(({ flr, linkSpeed }) => flr === null && linkSpeed === null)) {
    throw new NotLearned('capabilities are shown to root only')
  }
  return devices
}

function read(line: string, device: LspciCaps[number]): void {
  const [, flr] = /\bFLReset([+-])|\bAFCap:.*\bFLR([+-])/.exec(line)?.filter((part) => part !== undefined) ?? []
  if (flr !== undefined) device.flr = device.flr === true || flr === '+'
  const [, speed, width] = /\bLnkSta:\s*Speed ([^,]+?)(?: \([a-z]+\))?, Width x(\d{1,2})/.exec(line) ?? []
  if (speed !== undefined) {
    device.linkSpeed = speed
    device.linkWidth = Number(width)
  }
  const [, which, bits] = /\bACS(Cap|Ctl):\s*(\S.*?)\s*$/.exec(line) ?? []
  if (which === 'Cap') device.acsCap = bits ?? null
  if (which === 'Ctl') device.acsCtl = bits ?? null
}
