import { keyOf, missingFrom, tokensOf } from './kernel-line.ts'

/** Words to put on the kernel line and words to take off it. */
export interface Suggestion {
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** Keys whose values stand in one comma list: the items add up, except that the later `on` or `off` wins. */
const lists = ['intel_iommu', 'amd_iommu', 'vfio_pci.ids', 'pcie_acs_override']
/** Keys of which only one value can hold. */
const singles = ['iommu.passthrough', 'intremap', 'iommu.strict']

/** How the words get onto the line: what they replace goes, and lists of the same key become one. `gone` goes anyway. */
export function toHave(line: readonly string[], words: readonly string[], gone: readonly string[] = []): Suggestion {
  const kept = line.filter((word) => !gone.includes(word))
  const add: string[] = []
  const remove = new Set(gone)
  for (const word of missingFrom(kept, words)) {
    const key = keyOf(word)
    const former = [...lists, ...singles].includes(key) ? kept.filter((other) => keyOf(other) === key) : []
    for (const other of former) remove.add(other)
    add.push(lists.includes(key) ? merged(word, former) : word)
  }
  return { add, remove: [...remove] }
}

function merged(word: string, former: readonly string[]): string {
  const key = keyOf(word)
  const wanted = tokensOf([word], key)
  const decides = wanted.some((token) => /^o(n|ff)$/.test(token))
  const stay = tokensOf(former, key).filter((token) => !wanted.includes(token) && !(decides && /^o(n|ff)$/.test(token)))
  return `${word.split('=', 1)[0]}=${[...(decides ? [...wanted, ...stay] : [...stay, ...wanted])].join(',')}`
}
