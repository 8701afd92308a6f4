import type { webApi } from '@slack/bolt'
import type { Actor } from '../../src/changes/change.ts'
import type { Call } from './calls.ts'
import { PREFIX } from './people.ts'

/** How a user group is written in the policy. */
export const GROUP = `${PREFIX}group:`

/**
 * Which of these user groups somebody is in, as Slack says at this moment: `slack:group:S0123`. Nothing is remembered. A group
 * that cannot be looked up is an error, so that nobody takes it for one that the person is not in.
 */
export function createGroups(client: webApi.WebClient, call: Call) {
  return async ({ id }: Actor, among: readonly string[]): Promise<readonly string[]> => {
    const groups = [...new Set(among)].filter((group) => group.startsWith(GROUP))
    if (!id.startsWith(PREFIX)) return []
    const found = await Promise.all(
      groups.map(async (group) => {
        const usergroup = group.slice(GROUP.length)
        const users = await membersOf(client, call, usergroup)
        return users.includes(id.slice(PREFIX.length)) ? [group] : []
      }),
    )
    return found.flat()
  }
}

/** The ids of those who are in a user group, by the group's id without a prefix. */
export async function membersOf(client: webApi.WebClient, call: Call, usergroup: string): Promise<readonly string[]> {
  const { users = [] } = await call(`looking up the user group ${usergroup}`, () =>
    client.usergroups.users.list({ usergroup }),
  )
  return users
}
