/** The key of an argument as the kernel compares it: `-` and `_` are the same, the value left out. */
export const keyOf = (word: string): string => (word.split('=', 1)[0] ?? '').replaceAll('-', '_')

/** The arguments that reach the kernel: what stands behind `--` goes to init. */
export const kernelWords = (words: readonly string[]): readonly string[] => {
  const end = words.indexOf('--')
  return end < 0 ? words : words.slice(0, end)
}

/** Every value given to a key, in order; an argument without `=` counts as the empty value. */
export const valuesOf = (words: readonly string[], key: string): string[] =>
  kernelWords(words)
    .filter((word) => keyOf(word) === keyOf(key))
    .map((word) => (word.includes('=') ? word.slice(word.indexOf('=') + 1) : ''))

/** The items of a comma list given to a key, over all its occurrences: the kernel parses each of them (FACTS 2.2). */
export const tokensOf = (words: readonly string[], key: string): string[] =>
  valuesOf(words, key)
    .flatMap((value) => value.split(','))
    .filter((token) => token !== '')

/** Is the option in the list? The kernel compares by prefix, so `onx` counts as `on` (FACTS 2.2). */
export const hasToken = (words: readonly string[], key: string, token: string): boolean =>
  tokensOf(words, key).some((given) => given.startsWith(token))

/** What the line asks of the Intel IOMMU; the last `on` or `off` of `intel_iommu=` decides. */
export function intelSwitch(words: readonly string[]): 'on' | 'off' | null {
  const last = tokensOf(words, 'intel_iommu').findLast((token) => /^o(n|ff)/.test(token))
  return last === undefined ? null : last.startsWith('on') ? 'on' : 'off'
}

/** The words of the line that switch an IOMMU off, or are taken for it (`iommu=soft`, FINDINGS `iommu-off`). */
export const offSwitches = (words: readonly string[]): string[] =>
  kernelWords(words).filter((word) => {
    const tokens = tokensOf([word], keyOf(word))
    if (keyOf(word) === 'intel_iommu') return intelSwitch([word]) === 'off' && intelSwitch(words) === 'off'
    return ['iommu', 'amd_iommu'].includes(keyOf(word)) && tokens.some((token) => /^(off|soft)/.test(token))
  })

/** Does the line ask for the identity domain (`iommu=pt`)? The last of the arguments that speak of it decides. */
export function asksForPassthroughMode(words: readonly string[]): boolean {
  let asked = false
  for (const word of kernelWords(words)) {
    if (keyOf(word) === 'iommu.passthrough') asked = /^[1yY]/.test(valuesOf([word], 'iommu.passthrough')[0] ?? '')
    if (keyOf(word) !== 'iommu') continue
    for (const token of tokensOf([word], 'iommu')) {
      if (token.startsWith('pt')) asked = true
      if (token.startsWith('nopt')) asked = false
    }
  }
  return asked
}

const lists = ['intel_iommu', 'amd_iommu', 'iommu', 'intremap', 'pcie_acs_override', 'vfio_pci.ids']

/** The words that are not on the line. Of a comma list it is enough that every item is there, in whatever grouping. */
export function missingFrom(line: readonly string[], words: readonly string[]): string[] {
  return [...new Set(words)].filter((word) => {
    if (line.includes(word)) return false
    const key = keyOf(word)
    if (!lists.includes(key))
      return !line.some((other) => keyOf(other) === key && valuesOf([other], key)[0] === valuesOf([word], key)[0])
    const live = tokensOf(line, key)
    return !tokensOf([word], key).every((token) => live.includes(token))
  })
}
