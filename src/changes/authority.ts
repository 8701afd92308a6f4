import { type Refusal, wordsOf } from '../errors.ts'
import type { Actor } from './change.ts'
import type { Policy } from './policy.ts'
import type { GroupsOf } from './ports.ts'

/** What a person may do. An approver may do all that an operator may, an operator all that a viewer may. */
export type Rank = 'viewer' | 'operator' | 'approver'

const LISTS = {
  viewer: ['viewers', 'operators', 'approvers'],
  operator: ['operators', 'approvers'],
  approver: ['approvers'],
} as const satisfies Record<Rank, readonly (keyof Policy)[]>

/**
 * Why the policy does not give a person this rank; undefined when it does. A viewer list that is not given is open to everybody
 * but bots; an operator list that is not given, to everybody who may look.
 */
export function lacks(policy: Policy, person: Actor, rank: Rank): Refusal | undefined {
  if (person.bot) return { refused: 'bots decide nothing here' }
  const list = policy[LISTS[rank][0]]
  if (LISTS[rank].some((name) => policy[name]?.includes(person.id))) return undefined
  if (list === null) return rank === 'operator' ? lacks(policy, person, 'viewer') : undefined
  return {
    refused: `${person.name} (${person.id}) is not on the ${rank} list, so this changes nothing`,
    hint: list.length > 0 ? `Ask one of: ${list.join(', ')}.` : 'The policy names nobody for it.',
  }
}

const isGroup = (id: string): boolean => /^(slack:group|discord:role):/.test(id)

/** The policy as it holds for some people at this moment, and what the platforms could not tell, in sentences. */
export interface PolicyNow {
  readonly policy: Policy
  readonly untold: readonly string[]
}

/**
 * Looks up the groups in the policy's lists: where one of these people is in a group, the person stands on the list too.
 * A group that cannot be looked up counts for nobody.
 */
export async function policyFor(policy: Policy, people: readonly Actor[], groupsOf: GroupsOf): Promise<PolicyNow> {
  const groups = [...new Set(LISTS.viewer.flatMap((name) => policy[name] ?? []).filter(isGroup))]
  if (groups.length === 0) return { policy, untold: [] }
  const members = new Map<string, string[]>(groups.map((group) => [group, []]))
  const untold: string[] = []
  for (const person of new Map(people.map((one) => [one.id, one])).values()) {
    try {
      for (const group of await groupsOf(person, groups)) members.get(group)?.push(person.id)
    } catch (error) {
      untold.push(`whether ${person.name} is in a group of the policy could not be looked up: ${wordsOf(error)}`)
    }
  }
  const filled = (ids: readonly string[]) => ids.flatMap((id) => [id, ...(members.get(id) ?? [])])
  const lists = LISTS.viewer.map((name) => [name, policy[name] && filled(policy[name])])
  return { policy: { ...policy, ...Object.fromEntries(lists) }, untold }
}
