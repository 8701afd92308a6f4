import { isRefusal, type Refusal } from '../errors.ts'
import type { GrubConfig, GrubEntry } from './grub-config.ts'

/** What decides beside grub.cfg: GRUB_DEFAULT (left out: as the file has it), and two variables of the environment block. */
export interface DefaultSettings {
  readonly grubDefault?: string | null
  readonly savedEntry?: string | null
  readonly nextEntry?: string | null
}

/**
 * The entry GRUB starts when nobody touches a key: 00_header lets next_entry win over GRUB_DEFAULT, and GRUB takes a number, a
 * title or an id, goes into submenus, and falls back to the first entry (grub-core/normal/menu.c).
 */
export function defaultEntry(config: GrubConfig | Refusal, settings: DefaultSettings = {}): GrubEntry | Refusal {
  if (isRefusal(config)) return config
  const configured = settings.grubDefault || (config.grubDefault ?? '0')
  const chosen = configured === 'saved' ? (settings.savedEntry ?? '') : configured
  const wanted = settings.nextEntry || chosen
  const entry = resolve(config.entries, config.renamed.get(wanted) ?? wanted)
  if (isRefusal(entry) || entry.image !== null) return entry
  return { refused: `The entry that boots by default, "${entry.title}", loads no Linux kernel.` }
}

/**
 * The entry that starts this kernel release: the default one where it does, else the first ordinary entry of the menu that loads
 * its image; entries for recovery, and those that are there only on a condition, are passed over.
 */
export function entryOfKernel(
  config: GrubConfig | Refusal,
  release: string,
  settings: DefaultSettings = {},
): GrubEntry | Refusal {
  if (isRefusal(config)) return config
  const usual = defaultEntry(config, settings)
  if (!isRefusal(usual) && releaseOf(usual.image) === release) return usual
  const found = flat(config.entries).find(
    ({ image, words, title, conditional }) =>
      releaseOf(image) === release && !conditional && !words.includes('single') && !/\(recovery mode\)/.test(title),
  )
  return found ?? { refused: `grub.cfg has no ordinary entry for kernel ${release}`, hint: 'Run update-grub.' }
}

/** The release in the name of a kernel image. */
export const releaseOf = (image: string | null): string => (image ?? '').replace(/^.*vmlinuz-/, '')

const flat = (entries: readonly GrubEntry[]): GrubEntry[] =>
  entries.flatMap((entry) => (entry.entries ? flat(entry.entries) : [entry]))

function resolve(entries: readonly GrubEntry[], wanted: string): GrubEntry | Refusal {
  const { name, rest } = firstStep(wanted)
  const number = leadingNumber(wanted)
  const named = number === undefined ? entries.findIndex(({ title, id }) => title === name || id === name) : number
  const index = named >= 0 && named < entries.length ? named : 0
  const entry = entries[index]
  if (!entry)
    return { refused: 'grub.cfg has no menu entry where the default one should be.', hint: 'Run update-grub.' }
  const uncertain = entries.slice(0, index + 1).find(({ conditional }) => conditional)
  if (uncertain && (entry.conditional || number !== undefined)) {
    return {
      refused: `Which entry "${wanted}" is depends on a condition that GRUB checks at boot ("${uncertain.title}").`,
    }
  }
  return entry.entries ? resolve(entry.entries, rest) : entry
}

/** Cuts at the first single `>`; `>>` stands for one that belongs to the name. */
function firstStep(wanted: string): { name: string; rest: string } {
  const [whole = ''] = /^(?:[^>]|>>)*/.exec(wanted) ?? []
  return { name: whole.replaceAll('>>', '>'), rest: wanted.slice(whole.length + 1) }
}

/** As grub_strtoul reads with base 0: digits in front count, whatever follows them. */
function leadingNumber(text: string): number | undefined {
  const [, hex, octal, decimal] = /^\s*(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))/.exec(text) ?? []
  if (hex !== undefined) return Number.parseInt(hex, 16)
  if (octal !== undefined) return Number.parseInt(octal, 8)
  return decimal === undefined ? undefined : Number(decimal)
}
