import { historyCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { howMany } from '../src/chat/words.ts'

/** The last closed changes. */
export const history = defineCommand({
  name: 'history',
  summary: 'Show the last closed changes',
  usage: '[how many]',
  example: 'history 20',
  completes: [],
  needs: 'viewer',
  args: howMany,
  async run({ most }, { core, reply }) {
    await reply(historyCard(await core.history(most)))
  },
})
