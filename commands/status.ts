import { changeInShort, statusCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { changeNamed, words } from '../src/chat/words.ts'

/** What is under way; with a change, its whole card anew. */
export const status = defineCommand({
  name: 'status',
  summary: 'Show what is under way, or the card of one change again',
  usage: '[change]',
  example: 'status',
  completes: ['change'],
  needs: 'viewer',
  args: words([], ['change']),
  async run({ change: id }, { core, reply, showsChange }) {
    const live = await core.live()
    if (id === undefined) return void (await reply(statusCard(live, await core.frozen())))
    const change = await changeNamed(core, id)
    const back = await core.takenBackBy(change.id)
    const message = await reply(changeInShort(change, back))
    if (!back) await showsChange(message, change.id)
  },
})
