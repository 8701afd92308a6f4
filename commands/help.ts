import { helpCard } from '../src/cards/help-card.ts'
import { defineCommand } from '../src/chat/command.ts'
import { parseLine } from '../src/chat/parse.ts'
import { words } from '../src/chat/words.ts'

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
    await whisper(helpCard(commands, one, reactions))
  },
})
