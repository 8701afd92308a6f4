import { z } from 'zod'
import { withDomain } from '../address.ts'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { isRefusal, lines, whole } from '../text.ts'

/** PCI resource mappings of the cluster. `paths` are full BDFs or slots; `text` is the entry as it is written. */
export const Mappings = z.array(
  z.object({
    name: z.string(),
    entries: z.array(
      z.object({
        node: z.string(),
        id: z.string().nullable(),
        paths: z.array(z.string()),
        iommuGroup: z.number().nullable(),
        text: z.string().optional(),
      }),
    ),
  }),
)
export type Mappings = z.infer<typeof Mappings>

export const mappings = defineProbe({
  name: 'mappings',
  snippet: snippetFile('mappings'),
  schema: Mappings,
  parse,
})

function parse(text: string): Mappings {
  const mappings: Mappings = []
  for (const line of lines(text)) {
    if (isRefusal(line)) throw new NotLearned(`could not look: ${line.trim()}`)
    const [, name] = /^(?:pci:\s*)?([A-Za-z][\w.-]*)\s*$/.exec(line) ?? []
    if (name !== undefined) mappings.push({ name, entries: [] })
    const [, map] = /^\s+map\s+(\S.*)$/.exec(line) ?? []
    if (map !== undefined) mappings.at(-1)?.entries.push(...entry(map))
  }
  if (mappings.length === 0 && text.trim() !== '') throw new NotLearned('no mapping in it')
  return mappings
}

function entry(map: string): Mappings[number]['entries'] {
  const values = new Map(
    map
      .trim()
      .split(',')
      .map((part) => [part.split('=', 1)[0], part.slice(part.indexOf('=') + 1)]),
  )
  const node = values.get('node')
  if (!node) return []
  const paths = (values.get('path') ?? '').split(';').filter(Boolean).map(withDomain)
  return [
    {
      node,
      id: values.get('id')?.toLowerCase() ?? null,
      paths,
      iommuGroup: whole(values.get('iommugroup')),
      text: map,
    },
  ]
}
