import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js'
import type { Command } from '../../src/chat/command.ts'
import { LIMITS } from './limits.ts'

export type Declared = Pick<Command, 'name' | 'summary' | 'usage' | 'completes'>
type Completes = Command['completes'][number]

export const SLASH = 'pcie'

/** One word behind a command: `<node>` is needed, `[vm:<id>|device:<address>]` is not. */
export interface Word {
  readonly name: string
  readonly says: string
  readonly needed: boolean
  readonly completes: Completes | undefined
}

/** The words of a usage line, in order; a name that is no name is called after what it completes to. */
export const wordsOf = ({ usage, completes }: Declared): Word[] =>
  [...usage.matchAll(/<([^>]+)>|\[((?:<[^>]*>|[^\]])+)\]/g)].map(([, needed, possible], index) => {
    const says = needed ?? possible ?? ''
    const plain = says.toLowerCase().trim().replaceAll(' ', '-')
    const to = completes[index]
    const name = /^[a-z][a-z0-9-]*$/.test(plain) ? plain : (to ?? `word-${index + 1}`)
    return { name: name.slice(0, LIMITS.commandName), says, needed: needed !== undefined, completes: to }
  })

/** `/pcie` with one subcommand per declaration. */
export const slashCommand = (commands: readonly Declared[]): RESTPostAPIChatInputApplicationCommandsJSONBody => ({
  name: SLASH,
  description: 'Diagnose and cure PCIe passthrough on Proxmox VE nodes',
  options: commands.map(
    (command): APIApplicationCommandSubcommandOption => ({
      type: ApplicationCommandOptionType.Subcommand,
      name: command.name,
      description: described(command.summary),
      options: wordsOf(command).map(
        ({ name, says, needed, completes }): APIApplicationCommandBasicOption => ({
          type: ApplicationCommandOptionType.String,
          name,
          description: described(says),
          required: needed,
          autocomplete: completes !== undefined,
        }),
      ),
    }),
  ),
})

/** What was chosen, as it would have been typed. */
export function lineOf(command: string, given: (name: string) => string | null, commands: readonly Declared[]): string {
  const declared = commands.find(({ name }) => name === command)
  const words = declared ? wordsOf(declared).map(({ name }) => given(name)?.trim() ?? '') : []
  return [`/${SLASH}`, command, ...words].filter(Boolean).join(' ')
}

const described = (text: string): string =>
  text.length <= LIMITS.commandText ? text : `${text.slice(0, LIMITS.commandText - 1)}…`
