import { setImmediate } from 'node:timers/promises'
import { App, type AuthorizeResult, type Logger, type Receiver } from '@slack/bolt'
import type { Incoming } from '../../src/chat/adapter.ts'
import { offerId } from './offers.ts'
import type { People } from './people.ts'
import type { createReactions } from './reactions.ts'

interface Parts {
  readonly receiver: Receiver
  readonly logger: Logger
  readonly command: string
  readonly authorize: () => AuthorizeResult
  readonly people: People
  readonly reactions: ReturnType<typeof createReactions>
  readonly receive: (incoming: Incoming) => Promise<void>
}

/** Listens through Bolt. A command is acknowledged before anything else happens, and so are those that came with it; Bolt itself acknowledges events. */
export function hear({ receiver, logger, command, authorize, people, reactions, receive }: Parts): void {
  const app = new App({ receiver, logger, convoStore: false, authorize: async () => authorize() })

  app.command(command, async ({ ack, body }) => {
    await ack()
    await setImmediate()
    const by = people.named(body.user_id, body.user_name)
    await receive({ kind: 'command', text: `/pcie ${unescaped(body.text)}`.trim(), by, channel: body.channel_id })
  })

  const onReaction = (given: boolean) => async (args: ReactionArgs) => {
    const { item, user, reaction, event_ts } = args.event
    if (item.type !== 'message') return
    await reactions.hear({
      event: args.body.event_id,
      again: (args.context.retryNum ?? 0) > 0,
      when: event_ts ?? null,
      id: offerId(item.channel, item.ts),
      user,
      emoji: reaction,
      given,
    })
  }
  app.event('reaction_added', onReaction(true))
  app.event('reaction_removed', onReaction(false))
}

interface ReactionArgs {
  readonly event: {
    readonly item: { readonly type: string; readonly channel: string; readonly ts: string }
    readonly user: string
    readonly reaction: string
    readonly event_ts?: string
  }
  readonly body: { readonly event_id: string }
  readonly context: { readonly retryNum?: number }
}

/** Slack escapes what people type. */
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
