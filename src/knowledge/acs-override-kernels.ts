import { z } from 'zod'
import table from '../../data/acs-override-kernels.json' with { type: 'json' }

const Row = z.strictObject({
  kernels: z.string().transform((text) => new RegExp(text)),
  about: z.string(),
  has: z.boolean(),
  source: z.url({ protocol: /^https$/ }),
})
const rows = z.array(Row).parse(table)

/** Does this kernel (`uname -r`) know `pcie_acs_override=`? It is a patch of a few builders; null where the table does not know. */
export const knowsAcsOverride = (release: string): boolean | null =>
  rows.find(({ kernels }) => kernels.test(release))?.has ?? null

/** Does the patch act on this item of the list? It compares by prefix, and passes over what it does not know without a word. */
export const isAcsOverride = (token: string): boolean =>
  /^(?:downstream|multifunction|id:[0-9a-fA-F]{4}:[0-9a-fA-F]{4})/.test(token)
