import { keyOf, tokensOf } from './kernel-line.ts'

/** An argument that the kernel does not know, and the one that was meant. */
export interface Typo {
  readonly word: string
  readonly meant: string
}

/** Options of the comma lists (FACTS 2.2). The kernel compares by prefix, so `onx` is no typo to it. */
const vocabulary: Readonly<Record<string, readonly string[]>> = {
  intel_iommu: [
    'on',
    'off',
    'igfx_off',
    'intgpu_off',
    'relax_rmrr',
    'forcedac',
    'strict',
    'sp_off',
    'sm_on',
    'sm_off',
    'tboot_noforce',
  ],
  amd_iommu: [
    'off',
    'fullflush',
    'force_enable',
    'force_isolation',
    'pgtbl_v1',
    'pgtbl_v2',
    'irtcachedis',
    'nohugepages',
    'v2_pgsizes_only',
  ],
  intremap: ['on', 'off', 'nosid', 'no_x2apic_optout', 'nopost', 'posted_msi'],
  pcie_acs_override: ['downstream', 'multifunction', 'id:'],
}

/** Keys that passthrough guides name; longer than four letters, so that one edit away means something. */
const keys = [
  'intel_iommu',
  'amd_iommu',
  'iommu',
  'iommu.passthrough',
  'iommu.strict',
  'intremap',
  'pcie_acs_override',
  'vfio-pci.ids',
  'vfio-pci.disable_vga',
  'vfio-pci.disable_idle_d3',
  'vfio_iommu_type1.allow_unsafe_interrupts',
  'initcall_blacklist',
  'modprobe.blacklist',
  'module_blacklist',
  'nomodeset',
  'pcie_port_pm',
  'pcie_aspm',
  'kvm.ignore_msrs',
  'i915.enable_guc',
]
/** Whole words with their separators, and items of a list that stand alone because of a space. */
const phrases = ['intel_iommu=on', 'intel_iommu=off', 'amd_iommu=off', 'iommu=pt', 'iommu=off']

/** The misspelt arguments of a kernel line. What another rule speaks of (`amd_iommu=on`, `iommu=on`) is none. */
export const typosOf = (words: readonly string[]): Typo[] =>
  words.flatMap((word) => {
    const meant = meantBy(word)
    return meant === null || meant === word ? [] : [{ word, meant }]
  })

function meantBy(word: string): string | null {
  const lower = word.toLowerCase()
  const key = keyOf(word)
  const lone = vocabulary.intel_iommu?.find((option) => option === 'relax_rmrr' && distance(lower, option) <= 1)
  if (lone) return `intel_iommu=on,${lone}`
  if (word === 'intel_iommu') return 'intel_iommu=on'
  if (vocabulary[key]) return meantValue(word, key, vocabulary[key])
  if (keys.some((known) => keyOf(known) === key)) return null
  const phrase = phrases.find((known) => distance(keyless(lower), keyless(known)) <= 1)
  if (phrase) return phrase
  const near = keys.find((known) => distance(keyOf(lower), keyOf(known)) <= 1)
  return near === undefined ? null : word.includes('=') ? `${near}${word.slice(word.indexOf('='))}` : near
}

/** The word with each item that is in no list put right, `pt` moved to its own key; null when nothing is wrong or nothing can be guessed. */
function meantValue(word: string, key: string, options: readonly string[]): string | null {
  const known = (token: string) =>
    options.some((option) => token.startsWith(option)) || (key === 'amd_iommu' && token === 'on')
  const tokens = tokensOf([word], key)
  if (tokens.every(known)) return null
  const right = tokens
    .filter((token) => token !== 'pt')
    .map((token) => (known(token) ? token : nearest(token, key, options)))
  if (!right.every(known)) return null
  const kept = right.length > 0 ? [`${key}=${right.join(',')}`] : []
  return [...kept, ...(tokens.includes('pt') ? ['iommu=pt'] : [])].join(' ')
}

function nearest(token: string, key: string, options: readonly string[]): string {
  if (key === 'intel_iommu' && /^(1|yes|true|enabled?)$/i.test(token)) return 'on'
  return options.find((option) => distance(token.toLowerCase(), option) <= (option.length > 3 ? 2 : 1)) ?? token
}

const keyless = (text: string): string => text.replaceAll('-', '_')

/** Edits between two words: letters put in, left out, changed, or two neighbours swapped. */
export function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return 3
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1
      let best = Math.min((rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (rows[i - 1]?.[j - 1] ?? 0) + same)
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      if (swapped) best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1)
      row.push(best)
    }
    rows.push(row)
  }
  return rows[one.length]?.[other.length] ?? 0
}
