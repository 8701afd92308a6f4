import { nanoid } from 'nanoid'
import { errorCard } from '../cards/error-card.ts'
import { usageCard } from '../cards/help-card.ts'
import type { Reactions } from '../cards/reactions.ts'
import { noteCard, refusalCard } from '../cards/small-cards.ts'
import type { Core } from '../core.ts'
import { OperatorError } from '../errors.ts'
import type { ChatAdapter, Incoming } from './adapter.ts'
import type { Command } from './command.ts'
import { createContext } from './context.ts'
import { didYouMean } from './nearest.ts'
import type { Notifier } from './notifier.ts'
import { parseLine } from './parse.ts'

export interface RouterParts {
  readonly core: Core
  readonly commands: readonly Command[]
  readonly notifier: Pick<Notifier, 'shows' | 'found' | 'changeOn'>
  readonly reactions?: Reactions
  readonly log: { error(about: object, words: string): void }
  readonly newId?: () => string
}

/** From what people type and how they react, to commands and votes. `receive` never throws: every trouble is answered. */
export interface Router {
  receive(adapter: ChatAdapter): (incoming: Incoming) => Promise<void>
  /** Over once nothing that was asked is still being worked on. */
  idle(): Promise<void>
}

type Asked = Extract<Incoming, { kind: 'command' }>
type Reacted = Extract<Incoming, { kind: 'reaction' }>

export function createRouter(parts: RouterParts): Router {
  const { core, commands, notifier, reactions, log, newId = () => nanoid(8) } = parts
  const running = new Set<Promise<void>>()

  const command = async (adapter: ChatAdapter, { text, by, channel }: Asked): Promise<void> => {
    const { name, words } = parseLine(text)
    const found = commands.find((one) => one.name === name)
    if (!found) {
      const hint =
        didYouMean(
          name,
          commands.map((one) => one.name),
        ) ?? '/pcie help lists what there is'
      return adapter.whisper(
        by,
        channel,
        refusalCard({ refused: `there is no command "${name}"`, hint }, 'Not understood'),
      )
    }
    const args = found.args.safeParse(words)
    if (!args.success) {
      const problems = args.error.issues.map(({ message }) => message)
      return adapter.whisper(by, channel, usageCard(found, text.trim(), problems))
    }
    const no = await core.mayNot(by, found.needs)
    if (no) return adapter.whisper(by, channel, refusalCard(no, `/pcie ${name} is not for you`))
    const { context, answered } = createContext({ core, commands, notifier, reactions, adapter, by, channel, log })
    try {
      await found.run(args.data, context)
    } catch (error) {
      const card = errorCard(error, logged(error, text), text.trim())
      const message = answered()
      await (message ? adapter.edit(message, card) : adapter.post(channel, card))
    }
  }

  const reaction = async (adapter: ChatAdapter, { yes, given, by, on, unseen = false }: Reacted): Promise<void> => {
    const shown = by.bot ? undefined : await notifier.changeOn(on)
    if (!shown) return
    const answer =
      shown.kind === 'card'
        ? await core.vote(shown.id, { by, yes, given, unseen })
        : {
            counted: false,
            repeated: !given,
            says: `This message does not show the plan. /pcie status ${shown.id} does; react on that card.`,
          }
    // A reaction that says once more what stands, or takes nothing back, changes nothing and surprises nobody.
    if (!answer.counted && !answer.repeated)
      await adapter.whisper(by, on.channel, noteCard('That reaction does not count', answer.says, 'warn'))
  }

  /** An operator's error is answered in full; a bug leaves its stack in the log under the id that is shown. */
  const logged = (error: unknown, doing: string): string => {
    const id = newId()
    if (!(error instanceof OperatorError)) log.error({ err: error, id, doing }, 'internal error')
    return id
  }

  const handle = async (adapter: ChatAdapter, incoming: Incoming): Promise<void> => {
    try {
      if (incoming.kind === 'reaction') await reaction(adapter, incoming)
      else if (!incoming.by.bot) await command(adapter, incoming)
    } catch (error) {
      const channel = incoming.kind === 'command' ? incoming.channel : incoming.on.channel
      const id = logged(error, incoming.kind)
      await adapter
        .whisper(incoming.by, channel, errorCard(error, id))
        .catch((silent) => log.error({ err: silent, id }, 'the answer could not be delivered'))
    }
  }

  return {
    receive: (adapter) => (incoming) => {
      const work = handle(adapter, incoming).finally(() => running.delete(work))
      running.add(work)
      return work
    },
    async idle() {
      while (running.size) await Promise.all(running)
    },
  }
}
