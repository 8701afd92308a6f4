import type { Refusal } from '../errors.ts'
import { linuxOf } from './grub-linux.ts'
import { closingBrace, type GrubToken, grubCommands, grubTokens } from './grub-script.ts'

/** An entry of the menu, or a submenu with its entries. `path` is what GRUB_DEFAULT would name: `submenu-id>entry-id`. */
export interface GrubEntry {
  readonly title: string
  readonly id: string | undefined
  readonly path: string
  /** The text between the braces. */
  readonly body: string
  /** Null where the entry loads no Linux. */
  readonly image: string | null
  /** The words behind the image, as the kernel's line will have them. */
  readonly words: readonly string[]
  readonly initrd: readonly string[]
  readonly entries: readonly GrubEntry[] | undefined
  /** Stands inside an `if`: whether it is there is seen only at boot. */
  readonly conditional: boolean
}

export interface GrubConfig {
  readonly entries: readonly GrubEntry[]
  /** GRUB_DEFAULT as 00_header wrote it into the file; `saved` for the saved entry. */
  readonly grubDefault: string | undefined
  /** Defaults that 10_linux renames at boot: old titles by their new paths. */
  readonly renamed: ReadonlyMap<string, string>
}

/** Reads a generated grub.cfg. Refuses a text whose quotes or braces do not close. */
export function parseGrubConfig(text: string): GrubConfig | Refusal {
  const tokens = grubTokens(text)
  const entries = tokens && readMenu(text, tokens, '')
  if (!tokens || !entries) {
    return {
      refused: 'grub.cfg is damaged: a quote or a brace in it never closes.',
      hint: 'Run update-grub, then ask again.',
    }
  }
  return { entries, ...readDefaults(tokens) }
}

/** Whether the generator got to its end: the last script is finished, and none was begun without being finished (FACTS 7). */
export function endsWell(text: string): boolean {
  const marks = (word: string) =>
    [...text.matchAll(new RegExp(`^### ${word} (\\S+) ###$`, 'gm'))].map(([, path]) => path)
  const ended = marks('END')
  return ended.includes('/etc/grub.d/41_custom') && marks('BEGIN').every((path) => ended.includes(path))
}

/** Whether this grub.cfg reads custom.cfg from its own folder, as 41_custom makes it. */
export const sourcesCustom = (text: string): boolean =>
  grubCommands(grubTokens(text) ?? []).some(
    ([name, path]) =>
      (name?.text === 'source' || name?.text === '.') &&
      /^\$\{?config_directory\}?\/custom\.cfg$/.test(path?.text ?? ''),
  )

function readMenu(text: string, tokens: readonly GrubToken[], prefix: string): GrubEntry[] | undefined {
  const entries: GrubEntry[] = []
  let depth = 0
  let first = true
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token?.kind !== 'word') {
      if (token?.kind === 'close') return undefined
      first = true
      continue
    }
    const name = first ? token.text : ''
    if (['if', 'while', 'until', 'for'].includes(name)) depth++
    if (['fi', 'done'].includes(name)) depth--
    first = ['if', 'while', 'until', 'then', 'else', 'elif', 'do', '!'].includes(name)
    if (!['menuentry', 'submenu', 'function'].includes(name)) continue
    const open = tokens.findIndex((other, index) => index > at && other.kind !== 'word')
    const close = tokens[open]?.kind === 'open' ? closingBrace(tokens, open) : -1
    if (close < 0) return undefined
    if (name !== 'function') {
      const entry = readEntry(text, tokens.slice(at, close + 1), open - at, prefix, depth > 0)
      if (!entry) return undefined
      entries.push(entry)
    }
    at = close
    first = true
  }
  return entries
}

const TAKING_A_VALUE = new Set(['--class', '--users', '--hotkey', '--source', '--id', '$menuentry_id_option'])

function readEntry(
  text: string,
  tokens: readonly GrubToken[],
  open: number,
  prefix: string,
  conditional: boolean,
): GrubEntry | undefined {
  let title: string | undefined
  let id: string | undefined
  for (let at = 1; at < open; at++) {
    const word = tokens[at]?.text ?? ''
    if (word.startsWith('--id=')) id = word.slice(5)
    else if (TAKING_A_VALUE.has(word)) {
      at++
      if (word === '--id' || word.startsWith('$')) id = tokens[at]?.text
    } else if (!word.startsWith('--')) title ??= word
  }
  if (title === undefined) return undefined
  const path = prefix + (id ?? title).replaceAll('>', '>>')
  const [opening, closing] = [tokens[open], tokens.at(-1)]
  const body = text.slice(opening?.to, closing?.from)
  const common = { title, id, path, body, conditional }
  if (tokens[0]?.text === 'menuentry') {
    const { image, words, initrd } = linuxOf(body) ?? { image: null, words: [], initrd: [] }
    return { ...common, image, words, initrd, entries: undefined }
  }
  const entries = readMenu(text, tokens.slice(open + 1, -1), `${path}>`)
  return entries && { ...common, image: null, words: [], initrd: [], entries }
}

function readDefaults(tokens: readonly GrubToken[]): Omit<GrubConfig, 'entries'> {
  const renamed = new Map<string, string>()
  let grubDefault: string | undefined
  let old: string | undefined
  for (const command of grubCommands(tokens)) {
    const [first = '', second = '', third = '', fourth = ''] = command.map(({ text }) => text)
    if (first === '[' && second === 'x$default' && third === '=') old = fourth.replace(/^x/, '')
    else if (first.startsWith('default=') && old !== undefined) renamed.set(old, first.slice('default='.length))
    else {
      old = undefined
      const value = first === 'set' && second.startsWith('default=') ? second.slice('default='.length) : undefined
      if (value === undefined || value.includes('next_entry}')) continue
      grubDefault = value.includes('saved_entry}') ? 'saved' : value
    }
  }
  return { grubDefault, renamed }
}
