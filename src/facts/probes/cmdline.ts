import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { plainLine } from '../text.ts'

/** What the running kernel was started with: the line as it stands, and its words (kernel quoting respected). */
export const Cmdline = z.object({ line: z.string(), words: z.array(z.string()) })
export type Cmdline = z.infer<typeof Cmdline>

export const cmdline = defineProbe({
  name: 'cmdline',
  snippet: 'cat /proc/cmdline',
  schema: Cmdline,
  parse: parse,
})

function parse(text: string): Cmdline {
  const line = plainLine(text)
  return { line, words: kernelWords(line) }
}

/** The words of a kernel line: blanks inside double quotes do not part, and the quotes around a value are not of it. */
export function kernelWords(line: string): string[] {
  const words = line.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? []
  return words.map((word) => word.replace(/^"(.*?)"?$/s, '$1').replace(/^([^="]+=)"(.*?)"?$/s, '$1$2'))
}
