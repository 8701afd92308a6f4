import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { wordsOf } from '../errors.ts'
import { dial, forward } from './dial.ts'
import { shakeHands } from './handshake.ts'
import { type Hop, troubleAt } from './hop.ts'
import type { HostKeys, judgeKey } from './host-keys.ts'
import type { SshLimits } from './limits.ts'
import type { Login } from './login.ts'

/** A logged-in connection to a node, jump host included. */
export interface Link {
  readonly client: Client
  readonly hop: Hop
  /** Why it is down; null while it is up. */
  down(): string | null
  /** Calls once when the connection dies or is closed; the answer takes the listener away again. */
  onDown(hear: (why: string) => void): () => void
  /** Says goodbye, then closes for sure. */
  close(why: string): void
}

interface Ways {
  readonly hostKeys: Pick<HostKeys, 'get'>
  readonly judge: typeof judgeKey
  readonly login: (hop: Hop) => Promise<Login>
  readonly limits: Pick<SshLimits, 'connectMs' | 'keepaliveMs'>
  /** Gives up as soon as it is aborted. */
  readonly signal: AbortSignal
}

/** Connects through all hops, or throws an `OperatorError` and leaves nothing open. */
export const openLink = async (
  route: readonly Hop[],
  { hostKeys, judge, login, limits, signal }: Ways,
): Promise<Link> => {
  const clients: Client[] = []
  let base: Socket | undefined
  let doing = 'preparing the login'
  let hop = route[0] as Hop
  let over = false
  const cut = Promise.withResolvers<never>()
  const attempt = async (): Promise<Link> => {
    for (hop of route) {
      const [offers, pinned] = await Promise.all([login(hop), hostKeys.get(hop.name)])
      if (over) return cut.promise
      doing = 'connecting'
      const jump = clients.at(-1)
      const stream: Duplex = jump ? await forward(jump, hop) : await dial(hop, (socket) => (base = socket))
      const onPhase = (phase: string) => (doing = phase)
      clients.push(
        await shakeHands(stream, { hop, pinned, judge, login: offers, keepaliveMs: limits.keepaliveMs, onPhase }),
      )
    }
    return asLink(hop, clients, base as Socket)
  }
  const timer = setTimeout(() => {
    const says = `no answer within ${limits.connectMs / 1000} s while ${doing}`
    cut.reject(
      troubleAt(hop, 'node-unreachable', says, 'Check that the host is up and that no firewall drops packets.'),
    )
  }, limits.connectMs)
  const abort = () => cut.reject(signal.reason)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  try {
    return await Promise.race([attempt(), cut.promise])
  } catch (error) {
    over = true
    base?.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

const GOODBYE_MS = 500

const asLink = (hop: Hop, clients: readonly Client[], base: Socket): Link => {
  const client = clients.at(-1) as Client
  const listeners = new Set<(why: string) => void>()
  let down: string | null = base.destroyed ? 'the host closed the connection' : null
  const fall = (why: string) => {
    if (down !== null) return
    down = why
    base.destroySoon()
    // a peer that is gone never takes the last bytes, and the socket would wait for that
    const timer = setTimeout(() => base.destroy(), GOODBYE_MS).unref()
    base.once('close', () => clearTimeout(timer))
    for (const hear of listeners) hear(why)
    listeners.clear()
  }
  for (const each of clients) {
    each.on('error', (error) => fall(wordsOf(error)))
    each.once('end', () => fall('the host closed the connection'))
    each.once('close', () => fall('the host closed the connection'))
  }
  return {
    client,
    hop,
    down: () => down,
    onDown(hear) {
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
    close(why) {
      if (down === null) for (const each of [...clients].reverse()) each.end()
      fall(why)
    },
  }
}
