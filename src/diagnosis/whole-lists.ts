import type { Facts } from '../facts/facts.ts'

/** The lists that show all devices of the node: a host bridge at 00:00.0 is in each of them, an excerpt leaves it out. */
export const wholeLists = (facts: Facts): ('lspci' | 'pci-sysfs')[] =>
  (['lspci', 'pci-sysfs'] as const).filter((probe) =>
    facts[probe]?.some(({ address }) => /^[0-9a-f]{4,8}:00:00\.0$/.test(address)),
  )
