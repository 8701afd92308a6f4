import { type APIGuildMember, type Guild, type Role, Routes } from 'discord.js'
import type { Actor } from '../../src/changes/change.ts'
import { OperatorError } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import type { Connection } from './connection.ts'
import { CODES, codeOf, discordError } from './errors.ts'
import { userId } from './people.ts'

/** How a role is written in the policy. */
export const ROLE = 'discord:role:'
export const CORRECT = 'correct its id in the policy, or take it out there (Server Settings, Roles, Copy Role ID)'

/**
 * Which of these roles somebody has, as Discord says at this moment: `discord:role:1234`. Nothing is remembered. A role that
 * does not exist is an error, so that nobody takes it for one that the person does not have.
 */
export function createGroups(connection: Connection, guild: string) {
  return async (person: Actor, among: readonly string[]): Promise<readonly string[]> => {
    const groups = [...new Set(among)].filter((group) => group.startsWith(ROLE))
    const user = userId(person)
    if (user === undefined || groups.length === 0) return []
    const has = await rolesOf(connection, guild, user)
    const there = connection.client().guilds.cache.get(guild)?.roles.cache
    for (const group of groups) {
      const role = group.slice(ROLE.length)
      if (has.includes(role) || there?.has(role)) continue
      throw new OperatorError('not-found', `Discord: there is no role ${role} in the server`, {
        hint: CORRECT,
      })
    }
    return groups.filter((group) => has.includes(group.slice(ROLE.length)))
  }
}

export const MENTIONABLE = 'Server Settings, Roles, this role: Allow anyone to @mention this role'

/** True when the people of a role notice that the bot mentions it. */
export const hears = (server: Guild, role: Role): boolean =>
  role.mentionable || server.members.me?.permissions.has('MentionEveryone') === true

/** Says in the log, once per role, that a role is called and does not hear it: it is gone, or the bot may not mention it. */
export function createDeafRoles(connection: Connection, guild: string, log: Pick<Log, 'warn'>) {
  const told = new Set<string>()
  return (roles: readonly string[]): void => {
    const server = connection.client().guilds.cache.get(guild)
    for (const role of roles) {
      const there = server?.roles.cache.get(role)
      if (told.has(role) || (server && there && hears(server, there))) continue
      told.add(role)
      const hint = there ? MENTIONABLE : CORRECT
      log.warn({ role, hint }, 'Discord: a role is called, and does not hear it')
    }
  }
}

/** Somebody who is not in the server has no roles there. */
async function rolesOf(connection: Connection, guild: string, user: string): Promise<readonly string[]> {
  try {
    const member = await connection.rest().get(Routes.guildMember(guild, user))
    return (member as APIGuildMember).roles
  } catch (error) {
    const code = codeOf(error)
    if (code === CODES.unknownMember || code === CODES.unknownUser) return []
    throw discordError(error, { what: `looking up the roles of ${user}`, takes: [] })
  }
}
