import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, lines } from '../text.ts'

/** Loaded modules by name. */
export const Lsmod = z.array(z.string())
export type Lsmod = z.infer<typeof Lsmod>

export const lsmod = defineProbe({
  name: 'lsmod',
  snippet: snippetFile('lsmod'),
  schema: Lsmod,
  parse,
})

function parse(text: string): Lsmod {
  const said = lines(content(text))
  const modules = said.flatMap((line) => /^([\w-]+)\s+\d+(?:\s|$)/.exec(line)?.[1] ?? [])
  if (modules.length === 0 && !/^Module\s+Size\b/.test(said[0] ?? '')) throw new NotLearned('no module in it')
  return [...new Set(modules)]
}
