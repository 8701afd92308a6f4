import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { lines } from '../text.ts'

/** What loader.conf on each ESP names as the default entry, where systemd-boot started this boot; null where it names none. */
export const LoaderDefaults = z.array(z.object({ uuid: z.string(), entry: z.string().nullable() }))

export const loaderDefaults = defineProbe({
  name: 'loader-defaults',
  snippet: snippetFile('loader-defaults'),
  schema: LoaderDefaults,
  parse: (text) =>
    lines(text).flatMap((line) => {
      const [, uuid, entry = ''] = /^([0-9A-Fa-f]{4}-[0-9A-Fa-f]{4})(?:\s+(.*?))?\s*$/.exec(line) ?? []
      return uuid === undefined ? [] : [{ uuid, entry: entry === '' ? null : entry }]
    }),
})
