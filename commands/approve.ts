import { noteCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { changeNamed, words } from '../src/chat/words.ts'

/** Says yes to a change, like ✅ on its card. */
export const approve = defineCommand({
  name: 'approve',
  summary: 'Approve a change, where reacting is not possible',
  usage: '<change>',
  example: 'approve c1',
  completes: ['change'],
  needs: 'viewer',
  args: words(['change']),
  async run({ change: id }, { core, by, whisper }) {
    const change = await changeNamed(core, id)
    const { counted, says } = await core.vote(change.id, { by, yes: true, given: true })
    await whisper(noteCard(counted ? 'Noted' : 'That does not count', says, counted ? 'ok' : 'warn'))
  },
})
