import { rulesCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { words } from '../src/chat/words.ts'
import { rules as all } from '../src/rules/index.ts'

/** Lists what the bot looks for. */
export const rules = defineCommand({
  name: 'rules',
  summary: 'List everything the bot looks for',
  usage: '',
  example: 'rules',
  completes: [],
  needs: 'viewer',
  args: words([]),
  async run(_, { reply }) {
    await reply(rulesCard(all))
  },
})
