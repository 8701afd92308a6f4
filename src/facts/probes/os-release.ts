import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { content, lines } from '../text.ts'

/** The distribution. */
export const OsRelease = z.object({
  id: z.string(),
  versionId: z.string().nullable(),
  codename: z.string().nullable(),
  pretty: z.string().nullable(),
})
export type OsRelease = z.infer<typeof OsRelease>

export const osRelease = defineProbe({
  name: 'os-release',
  snippet: 'cat /etc/os-release',
  schema: OsRelease,
  parse: parse,
})

function parse(text: string): OsRelease {
  const values = new Map<string, string>()
  for (const line of lines(content(text))) {
    const [, key, value] = /^\s*([A-Z_0-9]+)=(.*)$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) values.set(key, value.trim().replace(/^(["'])(.*)\1$/, '$2'))
  }
  const id = values.get('ID')
  if (!id) throw new NotLearned('no ID= line')
  const or = (key: string) => values.get(key) ?? null
  return { id, versionId: or('VERSION_ID'), codename: or('VERSION_CODENAME'), pretty: or('PRETTY_NAME') }
}
