import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, pairs } from '../text.ts'

/**
 * Work of the node that a reboot would disturb: pools that resilver, packages that are not wholly installed (with their dpkg
 * state), modules that DKMS has built and for which kernel, what of Ceph must not stop now (as Ceph says it), what could not be read.
 */
export const Upkeep = z.object({
  resilvering: z.array(z.string()),
  halfInstalled: z.array(z.string()),
  dkms: z.array(z.object({ module: z.string(), kernel: z.string() })),
  ceph: z.array(z.string()),
  unread: z.array(z.string()),
})
export type Upkeep = z.infer<typeof Upkeep>

export const upkeep = defineProbe({
  name: 'upkeep',
  snippet: snippetFile('upkeep'),
  schema: Upkeep,
  slow: true,
  parse,
})

function parse(text: string): Upkeep {
  const said = pairs(content(text))
  if (!said.some(([key]) => key === 'looked')) throw new NotLearned('the output does not come to its end')
  const all = (wanted: string) => said.flatMap(([key, value]) => (key === wanted && value !== '' ? [value] : []))
  return {
    resilvering: all('resilver'),
    halfInstalled: all('half-installed'),
    dkms: all('dkms').map((line) => {
      const [module = '', kernel = ''] = line.split(' ')
      return { module, kernel }
    }),
    ceph: ['osd', 'mon'].flatMap((kind) =>
      all(`ceph-${kind}`).flatMap((answer) => (answer === 'ok' ? [] : [`${kind}: ${answer.replace(/^no /, '')}`])),
    ),
    unread: all('unread'),
  }
}
