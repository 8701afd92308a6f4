import type { ClientChannel } from 'ssh2'
import { OperatorError } from '../errors.ts'
import type { NodeAccess } from './access.ts'
import { shellCommand, sudoRefusal } from './command.ts'
import { followShell } from './follow.ts'
import { type Hop, routeTo, troubleAt } from './hop.ts'
import { type HostKeys, judgeKey } from './host-keys.ts'
import { createKeyRing } from './key-ring.ts'
import { LIMITS, type SshLimits } from './limits.ts'
import { openLink } from './link.ts'
import { prepareLogin } from './login.ts'
import { createPool, type Seat } from './pool.ts'
import { feedShell, HUNG, NotStarted, startShell } from './shell.ts'
import type { Follower, Output, RunLimits, Transport } from './transport.ts'

interface Parts {
  readonly nodes: Readonly<Record<string, NodeAccess>>
  readonly hostKeys: HostKeys
  readonly limits?: Partial<SshLimits>
}

/** Reaches nodes over ssh2: one connection per node, kept for a while, and never to a host whose key is not pinned. */
export const createSshTransport = ({ nodes, hostKeys, limits: given }: Parts): Transport & Follower => {
  const spans = { ...LIMITS, ...given }
  const keys = createKeyRing()
  const shutdown = new AbortController()
  const { signal } = shutdown
  const ways = { hostKeys, judge: judgeKey, login: (hop: Hop) => prepareLogin(hop, keys), limits: spans, signal }
  const pool = createPool({
    idleMs: spans.idleMs,
    open: (node) => openLink(routeTo(node, accessOf(nodes, node)), ways),
  })

  return {
    async run(node, script, limits) {
      const access = accessOf(nodes, node)
      const hop = routeTo(node, access).at(-1) as Hop
      signal.throwIfAborted()
      const clock = countdown(hop, limits)
      const attempt = async (retry: boolean): Promise<Output> => {
        const seat = await claim(limits.fresh ? pool.own(node) : pool.take(node), clock.signal)
        const { link } = seat
        const feed = (channel: ClientChannel) => {
          clock.started()
          return feedShell(link, channel, script, { ...spans, ...limits }, clock.signal)
        }
        try {
          return await startShell(link, shellCommand(access.sudo, limits.timeoutMs), spans.startMs, clock.signal, feed)
        } catch (error) {
          seat.retire()
          if (!(error instanceof NotStarted)) throw error
          // a kept connection may have died unnoticed; the script has not been sent, so once more on a new one is safe
          if (retry && seat.reused) return attempt(false)
          throw troubleAt(hop, 'node-unreachable', `no shell could be started there (${error.message})`, SHELL, error)
        } finally {
          seat.leave()
        }
      }
      try {
        const output = await attempt(true)
        const refusal = access.sudo ? sudoRefusal(hop, output) : null
        if (refusal) throw refusal
        return output
      } finally {
        clock.stop()
      }
    },
    async follow(node, script, heard, stop) {
      const access = accessOf(nodes, node)
      const over = AbortSignal.any([stop, signal])
      const seat = await pool.take(node)
      const feed = (channel: ClientChannel) => followShell(seat.link, channel, script, heard, over)
      try {
        await startShell(seat.link, shellCommand(access.sudo, null), spans.startMs, over, feed)
      } catch (error) {
        seat.retire()
        if (!(error instanceof NotStarted)) throw error
        const hop = routeTo(node, access).at(-1) as Hop
        throw troubleAt(hop, 'node-unreachable', `no shell could be started there (${error.message})`, SHELL, error)
      } finally {
        seat.leave()
      }
    },
    async close() {
      const why = 'Lanekeeper is shutting down'
      shutdown.abort(new OperatorError('connection-lost', `${why}; its connections to the nodes are closed`))
      pool.close(why)
    },
  }
}

const accessOf = (nodes: Parts['nodes'], node: string): NodeAccess => {
  const access = Object.hasOwn(nodes, node) ? nodes[node] : undefined
  if (access) return access
  const hint = `Nodes in the configuration: ${Object.keys(nodes).join(', ') || 'none'}.`
  throw new OperatorError('node-unknown', `${node}: there is no such node`, { hint })
}

/** The seat, unless the time is up before; then it is given back as soon as it comes. */
const claim = (coming: Promise<Seat>, signal: AbortSignal): Promise<Seat> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    coming.then((seat) => (signal.aborted ? seat.leave() : resolve(seat)), reject)
  })

/** The time for one whole run. What is late before the script has started means "not reached", afterwards "not done". */
const countdown = (hop: Hop, { timeoutMs }: RunLimits) => {
  const controller = new AbortController()
  const seconds = `${timeoutMs / 1000} s`
  let started = false
  const late = () =>
    started
      ? troubleAt(hop, 'time-limit', `a script was not done within ${seconds} and was stopped`, HUNG)
      : troubleAt(hop, 'node-unreachable', `no shell within ${seconds}, so nothing was run`, SHELL)
  const timer = setTimeout(() => controller.abort(late()), timeoutMs)
  return {
    signal: controller.signal,
    started: () => {
      started = true
    },
    stop: () => clearTimeout(timer),
  }
}

const SHELL = 'Check the load of the host, and the log of its sshd.'
