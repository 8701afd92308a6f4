import type { Facts } from '../facts/facts.ts'
import type { BootFile } from './boot-files.ts'
import { grubFaults, grubFiles } from './grub-file.ts'
import { readShellFile } from './shell-file.ts'

const names = ['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT']

/**
 * The arguments that /etc/default/grub and its drop-ins add up to: the values the node's shell computed, else a careful
 * reading of plain assignments. Null where neither can be told. `whole` is false while the drop-ins are not known.
 */
export function grubFileWords(facts: Facts): BootFile | null {
  const computed = facts['grub-syntax']
  if (computed && computed.errors.length > 0) return null
  if (computed && Object.keys(computed.values).length > 0) {
    return { words: split(names.map((name) => computed.values[name] ?? '')), probe: 'grub-syntax', whole: true }
  }
  if (facts['default-grub'] === undefined || grubFaults(facts).length > 0) return null
  const values = new Map<string, string>()
  for (const { text } of grubFiles(facts)) {
    for (const { raw } of readShellFile(text).statements.flat()) {
      const name = names.find((candidate) => raw.startsWith(`${candidate}=`))
      if (name === undefined) continue
      const value = plainValue(raw.slice(name.length + 1), values)
      if (value === null) return null
      values.set(name, value)
    }
  }
  return { words: split([...values.values()]), probe: 'default-grub', whole: facts['default-grub-d'] !== undefined }
}

const split = (values: readonly string[]): string[] => values.flatMap((value) => value.split(/\s+/)).filter(Boolean)

/** The value of one assignment when it is plain: one quoted string or one bare word, naming at most the two variables. */
function plainValue(raw: string, values: ReadonlyMap<string, string>): string | null {
  const single = /^'([^']*)'$/.exec(raw)
  if (single) return single[1] ?? ''
  const text = /^"([^"]*)"$/.exec(raw)?.[1] ?? (/^[^'"]*$/.test(raw) ? raw : null)
  if (text === null) return null
  const expanded = text.replaceAll(
    /\$\{?(GRUB_CMDLINE_LINUX(?:_DEFAULT)?)\b\}?/g,
    (_, name: string) => values.get(name) ?? '',
  )
  return /[$`\\]/.test(expanded) ? null : expanded
}
