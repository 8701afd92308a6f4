import { progressCard } from '../src/cards/progress-card.ts'
import { refusalCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { changeNamed, words } from '../src/chat/words.ts'
import { isRefusal } from '../src/errors.ts'

/** Puts the way back from a kept change up for approval: its old bytes, tried for one boot like any other plan. */
export const undo = defineCommand({
  name: 'undo',
  summary: 'Put the way back from a kept change up for approval',
  usage: '<change>',
  example: 'undo c1',
  completes: ['change'],
  needs: 'operator',
  args: words(['change']),
  async run({ change: id }, { core, by, reply, edit, showsChange }) {
    const kept = await changeNamed(core, id)
    const message = await reply(progressCard(kept.plan.node, null))
    const change = await core.undo(kept.id, by)
    if (isRefusal(change))
      return edit(message, refusalCard(change, `${kept.plan.node}: change ${kept.id} cannot be taken back`))
    await showsChange(message, change.id)
  },
})
