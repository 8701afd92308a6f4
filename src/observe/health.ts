import pTimeout from 'p-timeout'
import { wordsOf } from '../errors.ts'

/** What the bot stands on. */
export interface Health {
  readonly status: 'ok' | 'failing'
  /** Of each chat whether it is connected. */
  readonly chats: Readonly<Record<string, 'connected' | 'not connected'>>
  /** Whether the stores can be read and written; else why not. */
  readonly store: string
  /** Changes that are being carried out; null = could not be read. */
  readonly changes: number | null
  /** Watched nodes that are connected, of those that should be. */
  readonly watched: readonly [connected: number, of: number]
}

export interface HealthParts {
  readonly chats: readonly { readonly name: string; connected(): boolean }[]
  /** Throws when nothing can be stored. */
  readonly tryStore: () => Promise<void>
  readonly live: () => Promise<readonly unknown[]>
  readonly watched: () => readonly [connected: number, of: number]
}

/** Who asks for the health does not wait for a store that is away. */
const PATIENCE_MS = 2000

const inTime = <T>(answer: Promise<T>): Promise<T> =>
  pTimeout(answer, { milliseconds: PATIENCE_MS, message: `no answer within ${PATIENCE_MS / 1000} s` })

/** Looks at what the bot stands on. Never throws. A node that is away is no fault of the bot. */
export async function healthOf({ chats, tryStore, live, watched }: HealthParts): Promise<Health> {
  const [store, changes] = await Promise.all([
    inTime(tryStore()).then(
      () => 'ok',
      (error: unknown) => wordsOf(error),
    ),
    inTime(live()).then(
      ({ length }) => length,
      () => null,
    ),
  ])
  const up = chats.map((chat) => [chat.name, chat.connected() ? 'connected' : 'not connected'] as const)
  const well = store === 'ok' && changes !== null && up.every(([, state]) => state === 'connected')
  return { status: well ? 'ok' : 'failing', chats: Object.fromEntries(up), store, changes, watched: watched() }
}
