import type { Card } from '../../src/cards/card.ts'
import type { KeptFile } from './files.ts'

/** A card to be seen in the room. It is clean already; `before` is what an edited message showed. */
export interface CardEvent {
  readonly at: string
  readonly event: 'post' | 'edit' | 'whisper'
  readonly message: string | null
  readonly channel: string
  readonly thread: string | null
  readonly card: Card
  readonly before?: Card
  readonly to?: string
}

/** A file that was put into the thread of a message. */
export interface FileEvent {
  readonly at: string
  readonly event: 'file'
  readonly message: string
  readonly channel: string
  readonly thread: string
  readonly file: KeptFile
}

/** Something to be seen in the room. */
export type RoomEvent = CardEvent | FileEvent

/** How the room is drawn and heard: for a program, as a transcript, or at a terminal. */
export interface View {
  /** Resolves when it has been written. */
  show(event: RoomEvent): Promise<void>
  /** `over` is called once: the input has ended, or (`quit`) somebody wants to leave at once. */
  listen(hear: (line: string) => void, over: (quit: boolean) => void): void
  /** Who speaks from now on. */
  person(name: string): void
  /** Something takes a while; the answer ends it. */
  busy(words: string): () => void
  stop(): void
}
