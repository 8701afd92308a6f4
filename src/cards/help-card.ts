import type { Card } from './card.ts'
import { REACTIONS, type Reactions } from './reactions.ts'

/** What help needs of a command; `Command` of the chat is one. */
export interface CommandLine {
  readonly name: string
  readonly summary: string
  readonly usage: string
  readonly example: string
}

/** `diagnose <node> [vm:<id>]` */
export const usageOf = ({ name, usage }: CommandLine): string => `/pcie ${name}${usage ? ` ${usage}` : ''}`

/** All commands, or one with its example. */
export const helpCard = (
  commands: readonly CommandLine[],
  one?: CommandLine,
  { yes, no }: Reactions = REACTIONS,
): Card =>
  one
    ? {
        title: usageOf(one),
        tone: 'info',
        blocks: [
          { type: 'text', text: `${one.summary}.` },
          { type: 'fields', fields: [['Example', `/pcie ${one.example}`]] },
        ],
      }
    : {
        title: 'What you can ask',
        tone: 'info',
        blocks: [
          { type: 'fields', fields: commands.map((command) => [usageOf(command), command.summary]) },
          {
            type: 'text',
            text: `React ${yes} or ${no} on a card that asks for approval; take the reaction back to withdraw it.`,
          },
        ],
      }

/** A command that was typed in a way it cannot be read. */
export const usageCard = (command: CommandLine, got: string, problems: readonly string[]): Card => ({
  title: `/pcie ${command.name}: please check the words behind it`,
  tone: 'warn',
  blocks: [
    { type: 'list', items: problems },
    {
      type: 'fields',
      fields: [
        ['Expected', usageOf(command)],
        ['Got', got],
        ['Example', `/pcie ${command.example}`],
      ],
    },
  ],
})
