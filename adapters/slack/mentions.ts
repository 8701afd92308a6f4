import { LIMITS } from './limits.ts'

/**
 * Whom a message calls, as Slack reads it: `<@U0123>` for a person, `<!subteam^S0123>` for a user group. Everything else, ids of
 * other platforms too, is left out. More than a message can call are counted.
 */
export function mentionsOf(calls: readonly string[] = []): string {
  const mentions = [...new Set(calls.flatMap(mention))]
  const left = mentions.length - LIMITS.calls
  return [...mentions.slice(0, LIMITS.calls), ...(left > 0 ? [`and ${left} more`] : [])].join(' ')
}

function mention(id: string): string[] {
  const person = /^slack:([UW][A-Z0-9]{1,20})$/.exec(id)?.[1]
  if (person) return [`<@${person}>`]
  const group = /^slack:group:(S[A-Z0-9]{1,20})$/.exec(id)?.[1]
  return group ? [`<!subteam^${group}>`] : []
}
