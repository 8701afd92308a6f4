import { noteCard } from '../src/cards/small-cards.ts'
import { defineCommand } from '../src/chat/command.ts'
import { secondsOf, words } from '../src/chat/words.ts'

/** Stops every change from starting, on every node. */
export const freeze = defineCommand({
  name: 'freeze',
  summary: 'Let no change start on any node, for a while or until it is thawed',
  usage: '[30m|2h|1d]',
  example: 'freeze 2h',
  completes: [],
  needs: 'operator',
  args: words([], ['time']).transform(({ time }, context) => {
    const seconds = time === undefined ? null : secondsOf(time)
    if (seconds === undefined)
      context.addIssue(`expected one number and its unit, like 30m, 2h or 1d, up to 99999; got ${time}`)
    return { seconds: seconds ?? null }
  }),
  async run({ seconds }, { core, by, reply }) {
    const { counted, says } = await core.freeze(by, seconds)
    await reply(noteCard(counted ? 'Frozen' : 'Not frozen', says, 'warn'))
  },
})
