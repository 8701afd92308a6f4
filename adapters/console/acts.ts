/** What a line typed at the console asks for. */
export type Act =
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'as'; readonly name: string }
  | { readonly kind: 'react'; readonly message: string; readonly yes: boolean; readonly given: true }
  | { readonly kind: 'take-back'; readonly message: string }
  | { readonly kind: 'quit' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'bad' }

/** What every line may be, for the answer to one that is none of it. */
export const EXPECTED = '/pcie <command>, /as <person>, + m3 (✅), - m3 (❌) or ~ m3 (take the reaction back)'

/** Reads a line. Forgiving: `+3`, `+ M3`, `pcie …`, and the bare name of a command will do. */
export function readAct(line: string, commandNames: readonly string[]): Act {
  const text = line.trim()
  if (text === '') return { kind: 'nothing' }
  if (/^\/?(quit|exit)$/i.test(text)) return { kind: 'quit' }
  const as = /^\/as(?:\s+(.*))?$/i.exec(text)
  if (as) return { kind: 'as', name: as[1]?.trim() ?? '' }
  const reaction = /^(\+|-|~|✅|❌)\s*m?(\d+)$/iu.exec(text)
  if (reaction) {
    const message = `m${Number(reaction[2])}`
    if (reaction[1] === '~') return { kind: 'take-back', message }
    return { kind: 'react', message, yes: reaction[1] === '+' || reaction[1] === '✅', given: true }
  }
  const [first = ''] = text.split(/\s+/)
  const name = first.replace(/^\//, '').toLowerCase()
  if (name === 'pcie') return { kind: 'command', text }
  return commandNames.includes(name) ? { kind: 'command', text: `/pcie ${text.replace(/^\//, '')}` } : { kind: 'bad' }
}
