import { noteCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { changeNamed, words } from '../src/chat/words.ts'

/** Says no to a change, like ❌ on its card. */
export const deny = defineCommand({
  name: 'deny',
  summary: 'Deny a change, where reacting is not possible',
  usage: '<change>',
  example: 'deny c1',
  completes: ['change'],
  needs: 'viewer',
  args: words(['change']),
  async run({ change: id }, { core, by, whisper }) {
    const change = await changeNamed(core, id)
    const { counted, says } = await core.vote(change.id, { by, yes: false, given: true })
    await whisper(noteCard(counted ? 'Noted' : 'That does not count', says, counted ? 'ok' : 'warn'))
  },
})
