import { z } from 'zod'
import table from '../../data/boot-framebuffer.json' with { type: 'json' }

const Row = z.strictObject({
  kernels: z.string().transform((text) => new RegExp(text)),
  about: z.string(),
  /** Does `video=efifb:off` (or vesafb) act? Null where that depends on who got the screen. */
  videoOff: z.boolean().nullable(),
  /** Does `initcall_blacklist=sysfb_init` keep the boot framebuffer off the card? */
  sysfbInit: z.boolean(),
  source: z.url({ protocol: /^https$/ }),
})
const rows = z.array(Row).parse(table)

const rowOf = (release: string | undefined) =>
  release === undefined ? undefined : rows.find(({ kernels }) => kernels.test(release))

/** Does `video=efifb:off` act on this kernel (`uname -r`)? Null where the table does not know, or it depends on who got the screen. */
export const videoOffActs = (release: string | undefined): boolean | null => rowOf(release)?.videoOff ?? null

/**
 * Does `initcall_blacklist=sysfb_init` keep the boot framebuffer off the card on this kernel? For a kernel that is not in the
 * table, the names that hold the memory in /proc/iomem decide: efifb and vesafb go with sysfb, simpledrm does not everywhere.
 */
export function sysfbInitActs(release: string | undefined, holders: readonly string[]): boolean | null {
  const row = rowOf(release)
  if (row) return row.sysfbInit
  if (holders.length === 0) return null
  return holders.every((name) => /^(efifb|vesafb)/.test(name)) ? true : null
}
