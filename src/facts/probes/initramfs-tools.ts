import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { filled, isGarbage, looked } from '../text.ts'

/** The programs of initramfs-tools that are there (names), and lanekeeper's own files among its hooks and scripts (null = there is none). */
export const InitramfsTools = z.object({
  tools: z.array(z.string()),
  files: z.array(z.object({ path: z.string(), text: z.string().nullable() })),
})
export type InitramfsTools = z.infer<typeof InitramfsTools>

export const initramfsTools = defineProbe({
  name: 'initramfs-tools',
  snippet: snippetFile('initramfs-tools'),
  schema: InitramfsTools,
  parse,
})

function parse(text: string): InitramfsTools {
  if (isGarbage(looked(text))) throw new NotLearned('the files are not UTF-8 text')
  const files = new Map<string, string | null>()
  const tools: string[] = []
  for (const line of filled(text)) {
    const [, key, path = ''] = /^(tool|absent): (\/\S+)\s*$/.exec(line) ?? []
    if (key === 'tool') tools.push(path.replace(/^.*\//, ''))
    if (key === 'absent') files.set(path, null)
    const [own] = /^\/etc\/initramfs-tools\/\S+?\/lanekeeper-vfio(?=:)/.exec(line) ?? []
    if (own !== undefined) files.set(own, `${files.get(own) ?? ''}${line.slice(own.length + 1)}\n`)
  }
  if (tools.length + files.size === 0) throw new NotLearned('nothing in it')
  return { tools, files: [...files].map(([path, own]) => ({ path, text: own })) }
}
