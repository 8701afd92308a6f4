import { noteCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { words } from '../src/chat/words.ts'

/** Lifts a freeze. */
export const thaw = defineCommand({
  name: 'thaw',
  summary: 'Lift a freeze: changes can be approved and started again',
  usage: '',
  example: 'thaw',
  completes: [],
  needs: 'approver',
  args: words([]),
  async run(_, { core, by, reply }) {
    const { counted, says } = await core.thaw(by)
    await reply(noteCard(counted ? 'Thawed' : 'Not thawed', says, counted ? 'ok' : 'warn'))
  },
})
