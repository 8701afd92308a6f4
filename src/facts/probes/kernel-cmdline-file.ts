import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { isGarbage, isMissingFile, isRefusal } from '../text.ts'

/**
 * /etc/kernel/cmdline; only its `first` line counts, null = there is no such file. `text`: the file byte for byte, absent where
 * there is none, or where it is not text that could be written back unchanged.
 */
export const KernelCmdlineFile = z.object({ first: z.string().nullable(), text: z.string().optional() })
export type KernelCmdlineFile = z.infer<typeof KernelCmdlineFile>

export const kernelCmdlineFile = defineProbe({
  name: 'kernel-cmdline-file',
  snippet: 'cat /etc/kernel/cmdline 2>&1',
  schema: KernelCmdlineFile,
  parse,
})

function parse(text: string): KernelCmdlineFile {
  if (isMissingFile(text)) return { first: null }
  if (isRefusal(text)) throw new NotLearned(`could not look: ${text.trim()}`)
  const [first = ''] = text.split('\n', 1)
  if (isGarbage(first)) throw new NotLearned('the file is not text')
  return { first: first.replace(/\r$/, ''), ...(!isGarbage(text) && { text }) }
}
