import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { lines } from '../text.ts'

/** What `sh -n` says of the two above, and the GRUB_CMDLINE_… values after sourcing them (absent key = unset). */
export const GrubSyntax = z.object({ errors: z.array(z.string()), values: z.record(z.string(), z.string()) })
export type GrubSyntax = z.infer<typeof GrubSyntax>

export const grubSyntax = defineProbe({
  name: 'grub-syntax',
  snippet: snippetFile('grub-syntax'),
  schema: GrubSyntax,
  parse,
})

/** A value goes on in the lines after it that begin with `+`, one for each newline in it. */
function parse(text: string): GrubSyntax {
  const errors: string[] = []
  const values: Record<string, string> = {}
  let open: string | null = null
  for (const line of lines(text)) {
    const [, name, value = ''] = /^(GRUB_[A-Z0-9_]+)=(.*)$/s.exec(line) ?? []
    if (name !== undefined) {
      values[name] = value
      open = name
    } else if (open !== null && line.startsWith('+')) {
      values[open] += `\n${line.slice(1)}`
    } else if (line.trim() !== '') {
      errors.push(line.trim())
      open = null
    }
  }
  if (errors.some((error) => /Permission denied|can(?:'t|not) open/i.test(error))) {
    throw new NotLearned(`could not look: ${errors[0]}`)
  }
  return { errors, values }
}
