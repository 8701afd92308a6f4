import { REACTIONS, type Reactions } from '../../src/cards/reactions.ts'

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
export const expected = ({ yes, no }: Reactions): string =>
  `/pcie <command>, /as <person>, + m3 (${yes}), - m3 (${no}) or ~ m3 (take the reaction back)`

/** Reads a line. Forgiving: `+3`, `+ M3`, `pcie …`, and the bare name of a command will do. */
export function readAct(line: string, commandNames: readonly string[], { yes, no }: Reactions = REACTIONS): Act {
  const text = line.trim()
  if (text === '') return { kind: 'nothing' }
  if (/^\/?(quit|exit)$/i.test(text)) return { kind: 'quit' }
  const as = /^\/as(?:\s+(.*))?$/i.exec(text)
  if (as) return { kind: 'as', name: as[1]?.trim() ?? '' }
  const sign = ['+', '-', '~', yes, no].find((one) => text.startsWith(one))
  const number = sign === undefined ? undefined : /^\s*m?(\d+)$/i.exec(text.slice(sign.length))?.[1]
  if (number !== undefined) {
    const message = `m${Number(number)}`
    if (sign === '~') return { kind: 'take-back', message }
    return { kind: 'react', message, yes: sign === '+' || sign === yes, given: true }
  }
  const [first = ''] = text.split(/\s+/)
  const name = first.replace(/^\//, '').toLowerCase()
  if (name === 'pcie') return { kind: 'command', text }
  return commandNames.includes(name) ? { kind: 'command', text: `/pcie ${text.replace(/^\//, '')}` } : { kind: 'bad' }
}
