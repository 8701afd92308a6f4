import { z } from 'zod'
import table from '../../data/releases.json' with { type: 'json' }

const Month = z.string().regex(/^\d{4}-\d{2}$/)
const Row = z.strictObject({
  major: z.int(),
  released: Month,
  /** The month in which support ends, that month included; null = not announced. */
  supportedUntil: Month.nullable(),
  next: z.strictObject({ major: z.int(), checklist: z.string(), guide: z.url({ protocol: /^https$/ }) }).nullable(),
  source: z.url({ protocol: /^https$/ }),
})

/** A major release of Proxmox VE. */
export type PveRelease = z.infer<typeof Row>

const rows = z.array(Row).parse(table)

/** The release with this major number; undefined for one that is not in the table. */
export const pveRelease = (major: number): PveRelease | undefined => rows.find((row) => row.major === major)

/** The first second (since 1970, UTC) of a month `2026-08`, or of one some months later. */
export function monthBegins(month: string, later = 0): number {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return Date.UTC(year, number - 1 + later) / 1000
}
