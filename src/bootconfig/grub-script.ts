/** A token of GRUB's script language. A word's `text` is without quotes; a `dynamic` one has variables in it, as they are written. */
export interface GrubToken {
  readonly kind: 'word' | 'end' | 'open' | 'close' | 'other'
  readonly text: string
  readonly from: number
  readonly to: number
  readonly dynamic: boolean
}

/** A simple command: its words, the name first. */
export type GrubCommand = readonly GrubToken[]

const KINDS: Readonly<Record<string, GrubToken['kind']>> = { ';': 'end', '\n': 'end', '{': 'open', '}': 'close' }
const LEADS = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', 'fi', 'done', '!'])
const VARIABLE = /^\$(?:\w+|\{\w+\}|[?#*@]|\{[?#*@]\})/

/** The tokens of a GRUB script (grub-core/script/yylex.l); undefined when a quote in it never closes. */
export function grubTokens(text: string): GrubToken[] | undefined {
  const tokens: GrubToken[] = []
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at)
    if (char === ' ' || char === '\t') at++
    else if (text.startsWith('\\\n', at)) at += 2
    else if (char === '#') at = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at)
    else if (';\n{}|&<>'.includes(char)) {
      tokens.push({ kind: KINDS[char] ?? 'other', text: char, from: at, to: at + 1, dynamic: false })
      at++
    } else {
      const word = readGrubWord(text, at)
      if (!word) return undefined
      tokens.push(word)
      at = word.to
    }
  }
  return tokens
}

function readGrubWord(text: string, from: number): GrubToken | undefined {
  let word = ''
  let dynamic = false
  let quote = ''
  let at = from
  for (; at < text.length; at++) {
    const char = text.charAt(at)
    const next = text.charAt(at + 1)
    const variable = quote === "'" ? undefined : VARIABLE.exec(text.slice(at, at + 80))?.[0]
    if (quote === '' && ' \t;\n{}|&<>'.includes(char)) break
    if (char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (variable !== undefined) {
      word += variable
      dynamic = true
      at += variable.length - 1
    } else if (char === '\\' && quote === '') {
      if (next !== '\n') word += next
      at++
    } else if (char === '\\' && quote === '"' && '\\"$\n'.includes(next)) {
      if (next !== '\n') word += next
      at++
    } else word += char
  }
  return quote === '' ? { kind: 'word', text: word, from, to: at, dynamic } : undefined
}

/** The simple commands of a script, whatever blocks they stand in. */
export function grubCommands(tokens: readonly GrubToken[]): GrubCommand[] {
  const commands: GrubToken[][] = [[]]
  for (const token of tokens) {
    const current = commands.at(-1) ?? []
    if (token.kind !== 'word') commands.push([])
    else if (current.length > 0 || !LEADS.has(token.text)) current.push(token)
  }
  return commands.filter((command) => command.length > 0)
}

/** The place of the `}` that closes the `{` at `open`; -1 when there is none. */
export function closingBrace(tokens: readonly GrubToken[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]?.kind === 'open') depth++
    if (tokens[at]?.kind === 'close' && --depth === 0) return at
  }
  return -1
}
