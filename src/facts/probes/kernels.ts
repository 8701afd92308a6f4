import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, keyed, lines } from '../text.ts'

/** Installed kernel images and which of them run, are pinned, come next. */
export const Kernels = z.object({
  installed: z.array(z.string()),
  running: z.string().nullable(),
  pinned: z.string().nullable(),
  nextBoot: z.string().nullable(),
  default: z.string().nullable(),
})
export type Kernels = z.infer<typeof Kernels>

export const kernels = defineProbe({
  name: 'kernels',
  snippet: snippetFile('kernels'),
  schema: Kernels,
  parse,
})

function parse(text: string): Kernels {
  const key = keyed(content(text))
  const installed = lines(text).map((line) => line.trim())
  const kernels: Kernels = {
    installed: [...new Set(installed.filter((line) => /^\d+\.\d+[\w.+~-]*$/.test(line)))],
    running: key('running'),
    pinned: key('pinned'),
    nextBoot: key('next-boot'),
    default: key('default'),
  }
  if (kernels.installed.length === 0 && kernels.running === null) throw new NotLearned('no kernel in it')
  return kernels
}
