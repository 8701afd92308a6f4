import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { isGarbage, isMissingFile, isRefusal } from '../text.ts'

/** /etc/default/grub, byte for byte; null = there is no such file. */
export const DefaultGrub = z.object({ text: z.string().nullable() })
export type DefaultGrub = z.infer<typeof DefaultGrub>

export const defaultGrub = defineProbe({
  name: 'default-grub',
  snippet: 'cat /etc/default/grub 2>&1',
  schema: DefaultGrub,
  parse,
})

function parse(text: string): DefaultGrub {
  if (isMissingFile(text)) return { text: null }
  if (isRefusal(text)) throw new NotLearned(`could not look: ${text.trim()}`)
  if (isGarbage(text))
    throw new NotLearned('the file is not UTF-8 text, so that it could not be written back unchanged')
  return { text }
}
