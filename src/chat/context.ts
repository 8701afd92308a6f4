import { REACTIONS, type Reactions } from '../cards/reactions.ts'
import type { Actor, MessageRef } from '../changes/change.ts'
import type { Core } from '../core.ts'
import type { ChatAdapter } from './adapter.ts'
import type { Command, CommandContext } from './command.ts'
import type { Notifier } from './notifier.ts'

interface Parts {
  readonly core: Core
  readonly commands: readonly Command[]
  readonly notifier: Pick<Notifier, 'shows' | 'found'>
  readonly reactions?: Reactions | undefined
  readonly adapter: ChatAdapter
  readonly by: Actor
  readonly channel: string
  readonly log: CommandContext['log']
}

/** What one run of a command works with, and the message it answered with last: an error takes its place. */
export function createContext({ core, commands, notifier, reactions = REACTIONS, adapter, by, channel, log }: Parts) {
  let answered: MessageRef | undefined
  const context: CommandContext = {
    core: {
      ...core,
      async diagnose(node, target) {
        const diagnosis = await core.diagnose(node, target)
        notifier.found(diagnosis)
        return diagnosis
      },
    },
    by,
    commands,
    reactions,
    async reply(card) {
      answered = await adapter.post(channel, card)
      return answered
    },
    edit: (message, card) => adapter.edit(message, card),
    whisper: (card) => adapter.whisper(by, channel, card),
    attach: (message, file) => adapter.attach(message, file),
    log,
    async showsChange(message, changeId, findings) {
      const change = await core.change(changeId)
      if (change) await notifier.shows(change, message, findings)
    },
  }
  return { context, answered: () => answered }
}
