import type { Card } from '../../src/cards/card.ts'

/** A file that stands with a message. */
export interface WebFile {
  readonly name: string
  readonly type: string
  readonly path: string
}

/** A message as the page gets it. */
export interface WebMessage {
  readonly id: string
  readonly channel: string
  readonly thread: string | null
  readonly at: string
  readonly card: Card
  readonly files: readonly WebFile[]
  /** Whom the message calls, by name. */
  readonly called: readonly string[]
  /** Only this person sees it; null = everybody. */
  readonly to: string | null
}

/** How many messages and bytes of files are kept; the oldest go first. */
const MOST = 400
const MOST_BYTES = 64 * 1024 * 1024

/** What was said, as long as the bot runs. Cards that still matter come back by themselves after a restart. */
export function createMessages() {
  const messages = new Map<string, WebMessage>()
  const contents = new Map<string, { type: string; content: Uint8Array }>()
  const votes = new Map<string, Map<string, 'yes' | 'no'>>()

  const forget = (): void => {
    for (const [id, { files }] of messages) {
      if (messages.size <= MOST) break
      messages.delete(id)
      votes.delete(id)
      for (const { path } of files) contents.delete(path)
    }
    let bytes = [...contents.values()].reduce((sum, { content }) => sum + content.length, 0)
    for (const [path, { content }] of contents) {
      if (bytes <= MOST_BYTES) break
      contents.delete(path)
      bytes -= content.length
    }
  }

  return {
    put(message: WebMessage): void {
      messages.set(message.id, message)
      forget()
    },
    get: (id: string) => messages.get(id),
    /** Those that a person sees, in the order in which they came. */
    seenBy: (person: string) => [...messages.values()].filter(({ to }) => to === null || to === person),
    keep(path: string, type: string, content: Uint8Array): void {
      contents.set(path, { type, content })
      forget()
    },
    content: (path: string) => contents.get(path),
    given: (id: string, person: string) => votes.get(id)?.get(person) ?? null,
    give(id: string, person: string, vote: 'yes' | 'no' | null): void {
      const here = votes.get(id) ?? new Map<string, 'yes' | 'no'>()
      if (vote === null) here.delete(person)
      else here.set(person, vote)
      votes.set(id, here)
    },
  }
}
export type Messages = ReturnType<typeof createMessages>
