import { LIMITS } from './limits.ts'

/** Whom a message calls: the words that do it, and exactly those ids for `allowed_mentions`. */
export interface Called {
  readonly words: string
  readonly users: readonly string[]
  readonly roles: readonly string[]
}

export const NOBODY: Called = { words: '', users: [], roles: [] }

/** From ids of a card: `discord:1234` is a person, `discord:role:1234` a role. All others are left out; too many are counted. */
export function calledBy(ids: readonly string[] = []): Called {
  const all = [...new Set(ids)].flatMap((id) => {
    const [, role, number] = /^discord:(role:)?(\d{5,20})$/.exec(id) ?? []
    return number === undefined ? [] : [{ role: role !== undefined, number }]
  })
  const shown = all.slice(0, LIMITS.calls)
  const left = all.length - shown.length
  const numbers = (role: boolean) => shown.filter((one) => one.role === role).map(({ number }) => number)
  const mentions = shown.map(({ role, number }) => `<@${role ? '&' : ''}${number}>`)
  return {
    words: [...mentions, ...(left > 0 ? [`and ${left} more`] : [])].join(' '),
    users: numbers(false),
    roles: numbers(true),
  }
}
