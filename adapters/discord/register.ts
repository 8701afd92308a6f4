import type { Client } from 'discord.js'
import { OperatorError } from '../../src/errors.ts'
import { type Declared, slashCommand } from './declaration.ts'
import { CODES, codeOf, discordError } from './errors.ts'
import { inviteLink } from './invite.ts'

/** Makes the server know the commands; nothing is sent when it knows them already. */
export async function register(client: Client<true>, guild: string, commands: readonly Declared[]): Promise<void> {
  const wanted = slashCommand(commands)
  try {
    const there = await client.application.commands.fetch({ guildId: guild })
    if (there.size === 1 && essence([...there.values()]) === essence([wanted])) return
    await client.application.commands.set([wanted], guild)
  } catch (error) {
    throw notRegistered(error, client, `registering /${wanted.name} in server ${guild}`)
  }
}

/** Why the commands of the server could not be dealt with; a missing scope with the link that gives it. */
export function notRegistered(error: unknown, client: Client<true>, what: string): OperatorError {
  if (codeOf(error) !== CODES.missingAccess) return discordError(error, { what, takes: [] })
  return new OperatorError('act-failed', `Discord, ${what}: the scope applications.commands is missing`, {
    hint: `let the bot in once more with ${inviteLink(client.application.id)}`,
    cause: error,
  })
}

interface Told {
  readonly name: string
  readonly description?: string
  readonly required?: boolean | undefined
  readonly autocomplete?: boolean | undefined
  readonly options?: readonly Told[] | undefined
}

/** What of a command is ours to say, however Discord words the rest. */
const essence = (commands: readonly Told[] = []): string =>
  JSON.stringify(
    commands.map(({ name, description, required = false, autocomplete = false, options }) => [
      name,
      description,
      required,
      autocomplete,
      essence(options),
    ]),
  )
