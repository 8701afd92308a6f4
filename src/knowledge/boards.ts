import { z } from 'zod'
import table from '../../data/boards.json' with { type: 'json' }

const Pattern = z.string().transform((text) => new RegExp(text, 'i'))
const Source = z.url({ protocol: /^https$/ })
const Risky = z.strictObject({ vendor: Pattern, product: Pattern, loses: z.string(), source: Source })
const Menu = z.strictObject({
  vendor: Pattern,
  product: Pattern.nullable(),
  cpu: z.enum(['intel', 'amd']),
  iommu: z.string().nullable(),
  virtualization: z.string().nullable(),
  source: Source,
})

const { risky, menus } = z.strictObject({ risky: z.array(Risky), menus: z.array(Menu) }).parse(table)

/** What DMI says of a board: system vendor and product name. */
export interface Board {
  readonly vendor: string
  readonly product: string
}

/** What boards like this one are known to lose when the IOMMU goes on, with the report of it. */
export const lossesOf = ({ vendor, product }: Board): readonly { loses: string; source: string }[] =>
  risky.filter((row) => row.vendor.test(vendor) && row.product.test(product))

/** Where boards of this maker have a switch in their firmware setup; null where nobody knows. */
export const menuPath = (
  { vendor, product }: Board,
  cpu: 'intel' | 'amd',
  what: 'iommu' | 'virtualization',
): string | null =>
  menus.find(
    (row) => row.cpu === cpu && row.vendor.test(vendor) && (row.product === null || row.product.test(product)),
  )?.[what] ?? null
