import { nodesCard } from '../src/cards/fleet-card.ts'
import { defineCommand } from '../src/chat/command.ts'
import { words } from '../src/chat/words.ts'

/** The nodes there are, what is known of each, and what is under way. */
export const nodes = defineCommand({
  name: 'nodes',
  summary: 'List the nodes, what the last look at each found, and what is under way',
  usage: '',
  example: 'nodes',
  completes: [],
  needs: 'viewer',
  args: words([]),
  async run(_, { core, reply }) {
    await reply(nodesCard(core.nodes, await core.live(), await core.known()))
  },
})
