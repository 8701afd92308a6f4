/** A PCI address or slot as tools print it: domain optional, function optional. */
export const ADDRESS = /(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}(?:\.[0-7])?/i

/** A full PCI address: domain, bus, device, function. */
export const FULL_ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/

/** An address in the form used everywhere: lower case, with its domain (0000 where none was written). */
export function withDomain(address: string): string {
  const lower = address.trim().toLowerCase()
  return lower.split(':').length === 2 ? `0000:${lower}` : lower
}

const WRITTEN =
  /(?<![\w:.-])(?:(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7](?!\w|[:.][0-9a-f])|[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}(?![\w.]|:[0-9a-f]))/gi

/** Every PCI address and slot that a text names, in the full form; a clock or a hardware address is none. */
export const addressesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(WRITTEN)].map(([written]) => withDomain(written))),
]
