import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { plainLine } from '../text.ts'

/** The running kernel's release, as `uname -r` prints it. */
export const Uname = z.string().min(1)
export type Uname = z.infer<typeof Uname>

export const uname = defineProbe({
  name: 'uname',
  snippet: 'uname -r',
  schema: Uname,
  parse: parse,
})

function parse(text: string): string {
  const release = plainLine(text)
  if (!/^\d+\.\d+\S*$/.test(release)) throw new NotLearned('not a kernel release')
  return release
}
