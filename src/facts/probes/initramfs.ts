import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, keyed, whole } from '../text.ts'

/** Modification times (seconds since 1970) of the running kernel's initramfs and of the newest file it is built from. */
export const Initramfs = z.object({
  image: z.number().nullable(),
  newestSource: z.number().nullable(),
  newestPath: z.string().nullable(),
})
export type Initramfs = z.infer<typeof Initramfs>

export const initramfs = defineProbe({
  name: 'initramfs',
  snippet: snippetFile('initramfs'),
  schema: Initramfs,
  parse,
})

function parse(text: string): Initramfs {
  const key = keyed(content(text))
  const initramfs = {
    image: whole(key('image')),
    newestSource: whole(key('newest-source')),
    newestPath: key('newest-path'),
  }
  if (initramfs.image === null && initramfs.newestSource === null) throw new NotLearned('no time in it')
  return initramfs
}
