import type { Card } from '../cards/card.ts'
import type { Actor, MessageRef } from '../changes/change.ts'

/** What comes in from a chat. A reaction may be given (`given: true`) or taken back. */
export type Incoming =
  | { readonly kind: 'command'; readonly text: string; readonly by: Actor; readonly channel: string }
  | {
      readonly kind: 'reaction'
      readonly yes: boolean
      readonly given: boolean
      readonly by: Actor
      readonly on: MessageRef
      /** The message shows no plan that may be approved, as far as the chat knows (not yet, or no more): a yes on it approves nothing. */
      readonly unseen?: boolean
    }

/** A file that goes with a message: a picture, a capture. `type` is its media type. */
export interface Attachment {
  readonly name: string
  readonly type: string
  readonly content: Uint8Array
}

/**
 * One chat platform. Its peculiarities (acknowledgement within seconds, tokens, emoji names, escaping, limits) stay inside.
 * `post` and `edit` resolve when the platform has acknowledged the message.
 */
export interface ChatAdapter {
  readonly name: string
  start(receive: (incoming: Incoming) => Promise<void>): Promise<void>
  post(channel: string, card: Card, options?: { readonly thread?: MessageRef }): Promise<MessageRef>
  edit(message: MessageRef, card: Card): Promise<void>
  /** Puts a file into the thread of a message. */
  attach(to: MessageRef, file: Attachment): Promise<void>
  /**
   * Which of these groups the person is in at this moment, as the platform says: `slack:group:S0123` (a user group),
   * `discord:role:1234`. Groups of other platforms are passed over. Throws when the platform cannot be asked.
   */
  groupsOf(person: Actor, among: readonly string[]): Promise<readonly string[]>
  /** Passes on what stands on the message and was missed; over once all that was given so far is passed on. Rejects where it cannot be read. */
  hearOut(message: MessageRef): Promise<void>
  whisper(to: Actor, channel: string, card: Card): Promise<void>
  /** Whether the platform is heard at this moment. */
  connected(): boolean
  stop(): Promise<void>
}
