import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { filled, isRefusal } from '../text.ts'

/** Running backups, migrations, replications, and package locks, one per line. */
export const Locks = z.array(z.string())
export type Locks = z.infer<typeof Locks>

export const locks = defineProbe({
  name: 'locks',
  snippet: snippetFile('locks'),
  schema: Locks,
  parse,
})

function parse(text: string): Locks {
  const said = filled(text).map((line) => line.trim())
  const refusal = said.find(isRefusal)
  if (refusal !== undefined) throw new NotLearned(`could not look: ${refusal}`)
  return said
}
