import { helpCard } from '../src/cards/help-card.ts'
import { defineCommand } from '../src/chat/command.ts'
import { didYouMean } from '../src/chat/nearest.ts'
import { parseLine } from '../src/chat/parse.ts'
import { words } from '../src/chat/words.ts'
import { OperatorError } from '../src/errors.ts'

/** What can be asked. */
export const help = defineCommand({
  name: 'help',
  summary: 'Show what you can ask, or how one command is used',
  usage: '[command]',
  example: 'help diagnose',
  completes: ['command'],
  needs: 'viewer',
  args: words([], ['command']),
  async run({ command }, { commands, reactions, whisper }) {
    const one = command === undefined ? undefined : commands.find(({ name }) => name === parseLine(command).name)
    if (command !== undefined && !one) {
      const names = commands.map(({ name }) => name)
      throw new OperatorError('not-found', `there is no command "${command}"`, {
        hint: didYouMean(command, names) ?? '/pcie help lists what there is',
      })
    }
    await whisper(helpCard(commands, one, reactions))
  },
})
