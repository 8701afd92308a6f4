import { progressCard } from '../src/cards/progress-card.ts'
import { noteCard } from '../src/cards/small-cards.ts'
import { topologyCard } from '../src/cards/topology-card.ts'
import { defineCommand } from '../src/chat/command.ts'
import { attachPicture } from '../src/chat/picture.ts'
import { nodeAndTarget, nodeNamed } from '../src/chat/words.ts'

/** Looks at a node and shows its PCI devices: bridges, groups, drivers, who has or wants them, and where the trouble is. */
export const topology = defineCommand({
  name: 'topology',
  summary: 'Show the PCI devices of a node with their IOMMU groups, drivers and owners, as text and as a picture',
  usage: '<node> [vm:<id>|device:<address>]',
  example: 'topology node3',
  completes: ['node', 'target'],
  needs: 'viewer',
  args: nodeAndTarget,
  async run({ node: typed, target }, context) {
    const { core, reply, edit, whisper, log } = context
    const node = nodeNamed(core.nodes, typed).name
    const message = await reply(progressCard(node, target))
    const seen = (await core.diagnose(node, { target })).topology
    await edit(message, topologyCard(seen))
    const trouble = await attachPicture(message, seen, context)
    if (trouble === undefined) return
    const note = noteCard('No picture this time', `It could not be attached: ${trouble}`, 'warn')
    await whisper(note).catch((error) => log.error({ err: error }, 'that there is no picture could not be said'))
  },
})
