import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { fileLines, looked } from '../text.ts'

/** The lines of /etc/modprobe.d/*.conf. */
export const ModprobeD = z.array(z.object({ path: z.string(), line: z.string() }))
export type ModprobeD = z.infer<typeof ModprobeD>

export const modprobeD = defineProbe({
  name: 'modprobe-d',
  snippet: snippetFile('modprobe-d'),
  schema: ModprobeD,
  parse,
})

function parse(text: string): ModprobeD {
  return fileLines(looked(text), /^\/\S{1,200}?\.conf(?=:)/)
}
