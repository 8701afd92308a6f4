import { type Client, Events, type Guild, Routes } from 'discord.js'
import { OperatorError } from '../../src/errors.ts'
import { amiss, type Check, failure, well } from '../check.ts'
import { type Connection, createConnection } from './connection.ts'
import { SLASH } from './declaration.ts'
import { CODES, codeOf, discordError, named } from './errors.ts'
import { CORRECT, hears, MENTIONABLE, ROLE } from './groups.ts'
import { inviteLink, PERMISSIONS, type Permission } from './invite.ts'
import { notRegistered } from './register.ts'

export interface DiscordCheckOptions {
  readonly token: string
  readonly guild: string
  /** The id of the incident channel. */
  readonly incidents: string | null
  /** Every `discord:` id of the policy, people and roles. */
  readonly ids: readonly string[]
  /** Those of them that are called: a role hears it only where it may be mentioned. */
  readonly calls: readonly string[]
  /** For tests: where Discord's REST API is. */
  readonly api?: string
}

const PREFIX = 'discord:'
const REACH =
  'check that this machine reaches discord.com over HTTPS (name service, firewall); discordstatus.com says whether Discord is in trouble'
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Asks Discord about everything the bot needs of it, and ends with the link that lets it in. Posts nothing; never throws. */
export async function checkDiscord(options: DiscordCheckOptions): Promise<readonly Check[]> {
  const connection = createConnection({ ...options, log: quiet })
  let application: string | undefined
  const note = (ready: Client<true>) => {
    application = ready.application.id
  }
  const checks = await attempt(async () => {
    const client = await connection.open((opening) => void opening.once(Events.ClientReady, note))
    return checkServer(connection, client, options)
  })
  await connection.close()
  return [...checks, invitation(application)]
}

const attempt = (look: () => Promise<Check[]>): Promise<Check[]> =>
  look().catch((error: unknown) => {
    const unreachable = error instanceof OperatorError && error.code === 'connection-lost'
    return [unreachable ? failure(error, REACH) : failure(error)]
  })

const invitation = (application: string | undefined): Check =>
  application === undefined
    ? amiss('Discord: the invite link is not known before the bot can log in', 'see to the login, then ask again')
    : well(`Discord: this link lets the bot into a server, with exactly what it needs: ${inviteLink(application)}`)

async function checkServer(
  connection: Connection,
  client: Client<true>,
  { guild, incidents, ids, calls }: DiscordCheckOptions,
): Promise<Check[]> {
  const server = client.guilds.cache.get(guild)
  if (!server) return [amiss(`Discord: the bot is not in the server ${guild}`, 'let it in with the link below')]
  const checks = await Promise.all([
    attempt(() => checkCommands(client, guild)),
    attempt(() => checkChannel(connection, server, incidents)),
    ...ids.map((id) => attempt(() => checkId(connection, server, id, calls.includes(id)))),
  ])
  const { user, application } = client
  const entered = well(
    `Discord: logged in as ${user.username} (application ${application.id}), in the server ${server.name}`,
  )
  return [entered, ...checks.flat()]
}

async function checkCommands(client: Client<true>, guild: string): Promise<Check[]> {
  try {
    const there = await client.application.commands.fetch({ guildId: guild })
    const known = there.some(({ name }) => name === SLASH)
    return [
      well(known ? `Discord: the server knows /${SLASH}` : `Discord: the bot makes /${SLASH} known when it starts`),
    ]
  } catch (error) {
    throw notRegistered(error, client, `looking for /${SLASH} in server ${guild}`)
  }
}

async function checkChannel(connection: Connection, server: Guild, incidents: string | null): Promise<Check[]> {
  if (incidents === null)
    return [well('Discord: no incident channel is named (discord.incidents): Discord hears of no incident by itself')]
  const channel = server.channels.cache.get(incidents)
  if (!channel) return [await strangeChannel(connection, server, incidents)]
  if (!channel.isSendable())
    return [amiss(`Discord: #${channel.name} is no channel for messages`, 'name a text channel (Copy Channel ID)')]
  const has = channel.permissionsFor(connection.client().user)
  const lacks = (Object.keys(PERMISSIONS) as Permission[]).filter((one) => !has?.has(one))
  if (lacks.length === 0)
    return [well(`Discord: the bot has every permission in the incident channel #${channel.name}`)]
  const names = `${lacks.length} of ${Object.keys(PERMISSIONS).length} permissions are`
  const hint = `give the bot's role ${named(lacks)} in that channel`
  return [amiss(`Discord: ${names} missing in the incident channel #${channel.name}`, hint)]
}

/** A channel that is not among those of the server: Discord's answer says why, unless it is one of another server. */
async function strangeChannel(connection: Connection, server: Guild, id: string): Promise<Check> {
  try {
    await connection.rest().get(Routes.channel(id))
  } catch (error) {
    throw discordError(error, { what: `looking at the channel ${id}`, takes: ['ViewChannel'] })
  }
  return amiss(
    `Discord: the channel ${id} is not in the server ${server.name}`,
    'name a text channel of that server (Copy Channel ID)',
  )
}

async function checkId(connection: Connection, server: Guild, id: string, called: boolean): Promise<Check[]> {
  if (!id.startsWith(ROLE)) return [await checkPerson(connection, server, id)]
  const role = server.roles.cache.get(id.slice(ROLE.length))
  if (!role) return [amiss(`Discord: there is no role ${id.slice(ROLE.length)} in the server`, CORRECT)]
  if (called && !hears(server, role))
    return [amiss(`Discord: the role ${role.name} is called by the policy, and does not hear it`, MENTIONABLE)]
  return [well(`Discord: ${id} of the policy is the role ${role.name}`)]
}

async function checkPerson(connection: Connection, server: Guild, id: string): Promise<Check> {
  const user = id.slice(PREFIX.length)
  try {
    const member = await connection.rest().get(Routes.guildMember(server.id, user))
    return well(`Discord: ${id} of the policy is ${(member as { user: { username: string } }).user.username}`)
  } catch (error) {
    const code = codeOf(error)
    if (code !== CODES.unknownMember && code !== CODES.unknownUser)
      throw discordError(error, { what: `looking up ${id} of the policy`, takes: [] })
    return amiss(
      `Discord: ${id} of the policy is nobody in the server`,
      'correct the id in the policy, or take it out there (Copy User ID)',
    )
  }
}
