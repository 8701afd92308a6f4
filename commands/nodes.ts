import { nodesCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { words } from '../src/chat/words.ts'

/** The nodes of the configuration, and what is under way on each. */
export const nodes = defineCommand({
  name: 'nodes',
  summary: 'List the nodes, and what is under way on each',
  usage: '',
  example: 'nodes',
  completes: [],
  needs: 'viewer',
  args: words([]),
  async run(_, { core, reply }) {
    await reply(nodesCard(core.nodes, await core.live()))
  },
})
