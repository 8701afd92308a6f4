import { z } from 'zod'
import { defineProbe } from '../probe.ts'

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
  snippet: '',
  schema: OsRelease,
  parse: (text) => text,
})
