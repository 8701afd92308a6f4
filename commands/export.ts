import { postMortem } from '../src/cards/post-mortem.ts'
import { noteCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { changeNamed, words } from '../src/chat/words.ts'

/** A change with its timeline as a file, for the post-mortem. */
export const exportChange = defineCommand({
  name: 'export',
  summary: 'Attach a change as Markdown: plan, approvals, timeline, outcome',
  usage: '<change>',
  example: 'export c4k2p9',
  completes: ['change'],
  needs: 'viewer',
  args: words(['change']),
  async run({ change: id }, { core, reply, attach }) {
    const change = await changeNamed(core, id)
    const message = await reply(noteCard(`${change.plan.node}, change ${change.id}: the post-mortem is attached`))
    const content = new TextEncoder().encode(postMortem(change))
    await attach(message, { name: `${change.plan.node}-${change.id}.md`, type: 'text/markdown', content })
  },
})
