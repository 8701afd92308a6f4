import type { z } from 'zod'
import type { Card } from '../cards/card.ts'
import type { Reactions } from '../cards/reactions.ts'
import type { Rank } from '../changes/authority.ts'
import type { Actor, MessageRef } from '../changes/change.ts'
import type { Core } from '../core.ts'
import type { Attachment } from './adapter.ts'

/** What a command works with. `reply` posts in the channel it was asked in, `edit` changes such a message in place. */
export interface CommandContext {
  readonly core: Core
  readonly by: Actor
  readonly commands: readonly Command[]
  readonly reactions: Reactions
  reply(card: Card): Promise<MessageRef>
  edit(message: MessageRef, card: Card): Promise<void>
  whisper(card: Card): Promise<void>
  /** Puts a file into the thread of a message. Throws where the platform does not take it. */
  attach(message: MessageRef, file: Attachment): Promise<void>
  /** For trouble that is not the answer. */
  readonly log: { error(about: object, words: string): void }
  /** From now on this message is a card of the change: edited at every step, reactions on it count. Without findings: those it had. */
  showsChange(message: MessageRef, changeId: string, findings?: Card): Promise<void>
}

/** One slash command. Help, usage errors and completion come from this declaration. */
export interface Command<Args = unknown> {
  readonly name: string
  readonly summary: string
  /** Behind the name: `<node> [vm:<id>|device:<address>]`. */
  readonly usage: string
  readonly example: string
  /** What the words complete to, in order; `nodes`: one, `all`, or those with a label. */
  readonly completes: readonly ('node' | 'nodes' | 'target' | 'change' | 'rule' | 'command')[]
  /** Who may run it, by the policy. */
  readonly needs: Rank
  readonly args: z.ZodType<Args>
  run(args: Args, context: CommandContext): Promise<void>
}

/** Declares a command; its words are parsed by `args` (an array of words in, an object out) before `run` is called. */
export const defineCommand = <Args>(command: Command<Args>): Command => command as unknown as Command
