import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { fileLines, looked } from '../text.ts'

/** The lines of /etc/modules and /etc/modules-load.d/*.conf. */
export const Modules = z.array(z.object({ path: z.string(), line: z.string() }))
export type Modules = z.infer<typeof Modules>

export const modules = defineProbe({
  name: 'modules',
  snippet: snippetFile('modules'),
  schema: Modules,
  parse,
})

function parse(text: string): Modules {
  return fileLines(looked(text), /^\/\S{0,200}?(?:etc\/modules|\.conf)(?=:)/)
}
