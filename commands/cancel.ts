import { noteCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { changeNamed, words } from '../src/chat/words.ts'

/** Calls a change off before anything has been done. */
export const cancel = defineCommand({
  name: 'cancel',
  summary: 'Call a change off while nothing has been done yet',
  usage: '<change>',
  example: 'cancel c1',
  completes: ['change'],
  needs: 'viewer',
  args: words(['change']),
  async run({ change: id }, { core, by, whisper }) {
    const change = await changeNamed(core, id)
    const { counted, says } = await core.cancel(change.id, by)
    await whisper(noteCard(counted ? 'Cancelled' : 'Not cancelled', says, counted ? 'ok' : 'warn'))
  },
})
