import { z } from 'zod'
import table from '../../data/guide.json' with { type: 'json' }

const Row = z
  .strictObject({
    section: z.string().min(1),
    row: z.string().min(1),
    /** Ids of the findings that answer it. */
    findings: z.array(z.string()),
    /** Why no finding does, or what there is to know besides. */
    note: z.string().min(1).nullable(),
  })
  .refine(
    ({ findings, note }) => findings.length > 0 || note !== null,
    'neither a finding nor a word why there is none',
  )

/** What a guide to PCIe passthrough on Proxmox VE asks for or warns of, in our words, and the findings that answer it. */
export type GuideRow = z.infer<typeof Row>

/** Every row, in the order of the guide. */
export const guide: readonly GuideRow[] = z.array(Row).parse(table)
