import type { Facts } from '../facts/facts.ts'
import type { Evidence } from './rule.ts'
import { readShellFile, type ShellWord } from './shell-file.ts'

/** A fault of /etc/default/grub or one of its drop-ins. `fails`: the next update-grub stops with an error (FACTS 7). */
export interface GrubFault {
  readonly fails: boolean
  readonly says: string
  readonly evidence: Evidence
}

/** The files that grub-mkconfig sources, in order, as far as they are known. */
export function grubFiles(facts: Facts): { path: string; text: string; probe: 'default-grub' | 'default-grub-d' }[] {
  const main = facts['default-grub']?.text ?? null
  return [
    ...(main === null ? [] : [{ path: '/etc/default/grub', text: main, probe: 'default-grub' as const }]),
    ...(facts['default-grub-d'] ?? []).map((file) => ({ ...file, probe: 'default-grub-d' as const })),
  ]
}

/** What is wrong with these files as they stand: what the shell refuses, and what it swallows without a word. FACTS 7. */
export const grubFaults = (facts: Facts): GrubFault[] =>
  grubFiles(facts).flatMap(({ path, text, probe }) =>
    faultsOf(text).map(({ fails, says, line }) => ({
      fails,
      says: `${path}, line ${line}: ${says}.`,
      evidence: { saw: `${path}:${line}: ${visible(text.split('\n')[line - 1] ?? '')}`, probe },
    })),
  )

interface Fault {
  readonly fails: boolean
  readonly says: string
  readonly line: number
}

function faultsOf(text: string): Fault[] {
  const { statements, unclosed } = readShellFile(text)
  const spanning = statements
    .flat()
    .find(({ raw }) => /^GRUB_CMDLINE/.test(raw) && raw.replaceAll('\\\n', '').includes('\n'))
  if (spanning)
    return [{ fails: true, says: 'the quote that opens here is not closed on its line', line: spanning.line }]
  if (unclosed)
    return [{ fails: true, says: `the ${unclosed.quote} that opens here is never closed`, line: unclosed.line }]
  const returns = text.split('\n').indexOf('\r')
  if (returns >= 0)
    return [
      { fails: true, says: 'the file has Windows line ends, which the shell takes for a command', line: returns + 1 },
    ]
  return statements.flatMap(faultOf)
}

function faultOf(words: readonly ShellWord[]): Fault[] {
  const [first, ...rest] = words[0]?.raw === 'export' ? words.slice(1) : words
  if (!first || !/^GRUB_/.test(first.raw)) return []
  const { raw, line } = first
  if (/^GRUB_\w+\+=/.test(raw)) return [{ fails: true, says: 'the shell that reads this file does not know +=', line }]
  if (!/^GRUB_\w+=/.test(raw))
    return [{ fails: true, says: 'a name and its = must stand together, with no space', line }]
  if (rest.some((word) => /^(&&?|\|\|?)$/.test(word.raw))) return []
  const stray = rest.find((word) => !/^[A-Za-z_]\w*=/.test(word.raw))
  if (stray)
    return [
      {
        fails: true,
        says: `"${visible(stray.raw)}" is taken for a command: the value needs quotes around all of it`,
        line,
      },
    ]
  if (!raw.startsWith('GRUB_CMDLINE')) return []
  if (/[“”„‘’]/.test(raw)) return [{ fails: false, says: 'typographic quotes become part of the value', line }]
  if (raw.endsWith('\r')) return [{ fails: false, says: 'the Windows line end becomes part of the value', line }]
  if (rest.length > 0)
    return [
      {
        fails: false,
        says: `only the first word arrives, "${visible(rest[0]?.raw ?? '')}" and what follows are lost: the value needs quotes around all of it`,
        line,
      },
    ]
  if (/=("[^"]*"|'[^']*')[A-Za-z]/.test(raw))
    return [{ fails: false, says: 'text that touches the closing quote runs into the word before', line }]
  return []
}

const visible = (text: string): string => text.replaceAll('\r', '\\r')
