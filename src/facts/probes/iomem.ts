import { z } from 'zod'
import { withDomain } from '../address.ts'
import { defineProbe } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { lines, looked } from '../text.ts'

/** Memory that a boot framebuffer holds: range and name, and the PCI device whose region it lies in (null = not shown). */
export const Iomem = z.array(z.object({ range: z.string(), name: z.string(), device: z.string().nullish() }))
export type Iomem = z.infer<typeof Iomem>

export const iomem = defineProbe({
  name: 'iomem',
  snippet: snippetFile('iomem'),
  schema: Iomem,
  parse,
})

function parse(text: string): Iomem {
  const above: { depth: number; device: string }[] = []
  return lines(looked(text)).flatMap((line) => {
    const [, indent = '', range, name = ''] = /^( *)([0-9a-f]+-[0-9a-f]+) : (.{1,200}?)\s*$/i.exec(line) ?? []
    if (range === undefined) return []
    while ((above.at(-1)?.depth ?? -1) >= indent.length) above.pop()
    if (/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(name)) {
      above.push({ depth: indent.length, device: withDomain(name) })
    }
    if (!/BOOTFB|efifb|vesafb|simplefb|simpledrm|simple-framebuffer/.test(name)) return []
    return [{ range, name, device: above.at(-1)?.device ?? null }]
  })
}
