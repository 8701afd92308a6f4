import { auditCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { howMany } from '../src/chat/words.ts'

/** The last lines of the audit trail. */
export const audit = defineCommand({
  name: 'audit',
  summary: 'Show who did what last: the audit trail',
  usage: '[how many]',
  example: 'audit 20',
  completes: [],
  needs: 'viewer',
  args: howMany,
  async run({ most }, { core, reply }) {
    await reply(auditCard(await core.trail(most)))
  },
})
