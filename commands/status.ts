import { statusCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { changeNamed, words } from '../src/chat/words.ts'

/** What is under way; with a change, its whole card anew. */
export const status = defineCommand({
  name: 'status',
  summary: 'Show what is under way, or the card of one change again',
  usage: '[change]',
  example: 'status',
  completes: ['change'],
  args: words([], ['change']),
  async run({ change: id }, { core, reply, showsChange }) {
    const live = await core.live()
    if (id === undefined) return void (await reply(statusCard(live)))
    const change = await changeNamed(core, id)
    await showsChange(await reply(statusCard([change])), change.id)
  },
})
