import { z } from 'zod'
import table from '../../data/kernel-regressions.json' with { type: 'json' }
import { compareKernels } from './kernel-versions.ts'

const Release = z.string().regex(/^\d+\.\d+\.\d+-\d+-pve$/)
const Source = z.url({ protocol: /^https$/ })
const Range = z.strictObject({
  /** First and last affected release, both affected. */
  from: Release,
  to: Release,
  lastGood: Release.nullable(),
  fixed: Release,
  source: Source,
})
const Row = z.strictObject({
  id: z.string(),
  /** What is broken, to follow "has a known fault:". */
  about: z.string(),
  affected: z.array(Range).min(1),
  /** Where the fault shows, and how. */
  probe: z.enum(['tasks', 'kernel-log']),
  pattern: z.string().transform((text) => new RegExp(text, 'i')),
  /** Which devices (`vendor:device`) the message is a fault for; null = all. */
  device: z
    .string()
    .transform((text) => new RegExp(text, 'i'))
    .nullable(),
  source: Source,
})
type Row = z.infer<typeof Row>

/** A fault of one kernel, as the running release has it. */
export type KernelRegression = Omit<Row, 'affected'> & Pick<z.infer<typeof Range>, 'lastGood' | 'fixed'>

const rows = z.array(Row).parse(table)

const rangeOf = ({ affected }: Row, release: string) =>
  affected.find(({ from, to }) => compareKernels(release, from) >= 0 && compareKernels(release, to) <= 0)

/** The known faults of a kernel release as `uname -r` prints it; other kernels than Proxmox's are not in the table. */
export const regressionsOf = (release: string): readonly KernelRegression[] =>
  /-pve/.test(release)
    ? rows.flatMap((row) => {
        const range = rangeOf(row, release)
        const { affected: _, ...rest } = row
        return range ? [{ ...rest, lastGood: range.lastGood, fixed: range.fixed }] : []
      })
    : []
