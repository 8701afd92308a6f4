import type { Guests } from '../facts/probes/guests.ts'
import { vmid } from './guest-config.ts'

/** What would put one thing right in a guest's configuration. */
export interface ConfigCure {
  readonly set?: Readonly<Record<string, string>>
  readonly delete?: readonly string[]
  /** A hostpci line: options to take off it, and what it names instead. */
  readonly line?: { readonly key: string; readonly drop?: readonly string[]; readonly host?: string }
  /** What no command does, without a full stop. */
  readonly words?: string
}

/** One command for all cures of a guest, with what no command does behind it; empty where nothing is to be typed. */
export function cureText({ id, config }: Guests[number], cures: readonly ConfigCure[]): string {
  const gone = [...new Set(cures.flatMap((cure) => cure.delete ?? []))]
  const set = new Map(cures.flatMap((cure) => Object.entries(cure.set ?? {})))
  for (const { line } of cures) {
    if (!line || gone.includes(line.key)) continue
    const [host, ...options] = (set.get(line.key) ?? config[line.key] ?? '').split(',')
    const kept = options.filter((part) => !line.drop?.some((option) => part.trim().startsWith(`${option}=`)))
    set.set(line.key, [line.host ?? host, ...kept].join(','))
  }
  const words = [...set].map(([key, value]) => `--${key} ${/^[\w.:,=/-]+$/.test(value) ? value : `'${value}'`}`)
  if (gone.length > 0) words.push(`--delete ${gone.join(',')}`)
  const command = words.length > 0 ? [`qm set ${vmid(id)} ${words.join(' ')}`] : []
  return [...command, ...new Set(cures.flatMap((cure) => (cure.words ? [cure.words] : [])))].join('; ')
}
