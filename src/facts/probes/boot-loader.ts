import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, keyed, pairs, yesNo } from '../text.ts'

/** Which loader started this boot, by its own account, and the ESPs of the disks. */
export const BootLoader = z.object({
  loaderInfo: z.string().nullable(),
  bootCurrent: z.string().nullable(),
  shim: z.boolean().nullable(),
  bootctl: z.boolean().optional(),
  efivarsWritable: z.boolean().optional(),
  esps: z.array(z.object({ device: z.string(), uuid: z.string(), fs: z.string(), mountedAt: z.string().nullable() })),
})
export type BootLoader = z.infer<typeof BootLoader>

export const bootLoader = defineProbe({
  name: 'boot-loader',
  snippet: snippetFile('boot-loader'),
  schema: BootLoader,
  parse,
})

function parse(text: string): BootLoader {
  const key = keyed(content(text))
  const esps = pairs(text).flatMap(([name, value]) => {
    const [device, uuid, fs, ...at] = value.split(/\s+/)
    if (name !== 'esp' || !device || !uuid || !fs) return []
    const mountedAt = at.join(' ')
    return [{ device, uuid, fs, mountedAt: mountedAt === '' || mountedAt === '-' ? null : mountedAt }]
  })
  const said = (name: string) => yesNo(key(name)) ?? undefined
  const loader = { loaderInfo: key('loader-info'), bootCurrent: key('boot-current'), shim: yesNo(key('shim')) }
  if (esps.length === 0 && Object.values(loader).every((value) => value === null)) {
    throw new NotLearned('no line that is known')
  }
  const [bootctl, efivarsWritable] = [said('bootctl'), said('efivars-writable')]
  return {
    ...loader,
    esps,
    ...(bootctl !== undefined && { bootctl }),
    ...(efivarsWritable !== undefined && { efivarsWritable }),
  }
}
