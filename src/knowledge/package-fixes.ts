import { z } from 'zod'
import table from '../../data/package-fixes.json' with { type: 'json' }

const version = z.string().regex(/^\d+(?:\.\d+)*$/)
const Fix = z.strictObject({
  id: z.string(),
  package: z.string(),
  fixedIn: version,
  /** Proxmox VE releases before the first came without the fix, those since the second with it. */
  managerBefore: version,
  managerSince: version,
  source: z.url({ protocol: /^https$/ }),
})
const fixes = z.array(Fix).parse(table)

interface Installed {
  readonly manager: string | null
  readonly packages: Readonly<Record<string, string>>
}

/** Has a node with these versions the fix? By the package, else by the release of Proxmox VE; null where neither decides. */
export function hasFix(id: string, { manager, packages }: Installed): boolean | null {
  const fix = fixes.find((one) => one.id === id)
  if (!fix) return null
  const own = packages[fix.package]
  if (own !== undefined) return compare(own, fix.fixedIn) >= 0
  if (manager === null) return null
  if (compare(manager, fix.managerSince) >= 0) return true
  return compare(manager, fix.managerBefore) < 0 ? false : null
}

/** Dotted versions by number; what follows (`-1`, `~rc1`) is left out. */
function compare(one: string, other: string): number {
  const [left, right] = [one, other].map((text) => (/^[\d.]+/.exec(text)?.[0] ?? '').split('.').map(Number))
  for (let at = 0; at < 4; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
