import { historyCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { words } from '../src/chat/words.ts'

const MOST = 100

/** The last closed changes. */
export const history = defineCommand({
  name: 'history',
  summary: 'Show the last closed changes',
  usage: '[how many]',
  example: 'history 20',
  completes: [],
  needs: 'viewer',
  args: words([], ['count']).transform(({ count }, context) => {
    const most = Number(count ?? 10)
    if (Number.isInteger(most) && most > 0 && most <= MOST) return { most }
    context.addIssue(`expected a number from 1 to ${MOST}, got ${count}`)
    return { most: 0 }
  }),
  async run({ most }, { core, reply }) {
    await reply(historyCard(await core.history(most)))
  },
})
