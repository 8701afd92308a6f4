import type { Client } from 'discord.js'
import { type Declared, slashCommand } from './declaration.ts'
import { discordError } from './errors.ts'

/** Makes the server know the commands; nothing is sent when it knows them already. */
export async function register(client: Client<true>, guild: string, commands: readonly Declared[]): Promise<void> {
  const wanted = slashCommand(commands)
  try {
    const there = await client.application.commands.fetch({ guildId: guild })
    if (there.size === 1 && essence([...there.values()]) === essence([wanted])) return
    await client.application.commands.set([wanted], guild)
  } catch (error) {
    throw discordError(error, { what: `registering /${wanted.name} in server ${guild}`, takes: [] })
  }
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
