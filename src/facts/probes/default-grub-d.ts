import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { isGarbage, looked } from '../text.ts'

/** The /etc/default/grub.d/*.cfg files in the order in which they are sourced, byte for byte. */
export const DefaultGrubD = z.array(z.object({ path: z.string(), text: z.string() }))
export type DefaultGrubD = z.infer<typeof DefaultGrubD>

export const defaultGrubD = defineProbe({
  name: 'default-grub-d',
  snippet: snippetFile('default-grub-d'),
  schema: DefaultGrubD,
  parse,
})

/** Lines of `grep -H ""`; what grep does not show (an empty file, no newline at the end) stands in lines with a backslash. */
function parse(text: string): DefaultGrubD {
  if (isGarbage(looked(text))) throw new NotLearned('the files are not UTF-8 text')
  const files = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, note, of] = /^\\ (no newline at the end of|nothing in) (\S.*?)\r?$/.exec(line) ?? []
    if (of !== undefined) files.set(of, note === 'nothing in' ? '' : (files.get(of) ?? '').replace(/\n$/, ''))
    const path = PATH.exec(line)?.[0]
    if (path !== undefined) files.set(path, `${files.get(path) ?? ''}${line.slice(path.length + 1)}\n`)
  }
  return [...files].map(([path, own]) => ({ path, text: own }))
}

const PATH = /^\/[^\0]{1,200}?\.cfg(?=:)/
