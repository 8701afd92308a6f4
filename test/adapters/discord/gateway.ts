import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { APP, BOT, GUILD, guildOf, TOKEN, userOf, type World } from './world.ts'

interface Sent {
  readonly op: 0
  readonly s: number
  readonly t: string
  readonly d: unknown
}

/** Which intent an event needs; without it Discord does not send it. */
const NEEDS: Record<string, number> = {
  MESSAGE_REACTION_ADD: 1 << 10,
  MESSAGE_REACTION_REMOVE: 1 << 10,
  MESSAGE_REACTION_REMOVE_ALL: 1 << 10,
}
const PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)

/** The gateway: HELLO, IDENTIFY, READY, heartbeats, RESUME with what was missed. */
export function createGateway(server: Server, world: World, url: () => string) {
  const sockets = new WebSocketServer({ server, path: '/gateway' })
  const sent: Sent[] = []
  const log: string[] = []
  let [socket, intents, seq, session, refuse]: [WebSocket | undefined, number, number, number, number | undefined] = [
    undefined,
    0,
    0,
    0,
    undefined,
  ]

  const dispatch = (t: string, d: unknown): void => {
    const needed = NEEDS[t]
    if (needed !== undefined && (intents & needed) === 0) return
    const one: Sent = { op: 0, s: ++seq, t, d }
    sent.push(one)
    socket?.send(JSON.stringify(one))
  }

  const identify = (from: WebSocket, d: Record<string, unknown>): void => {
    log.push('IDENTIFY')
    const refused = d.token !== TOKEN ? 4004 : (refuse ?? (Number(d.intents) & PRIVILEGED ? 4014 : null))
    if (refused !== null) {
      from.close(refused)
      return
    }
    socket = from
    intents = Number(d.intents)
    sent.length = 0
    session += 1
    dispatch('READY', {
      v: 10,
      user: { ...userOf(BOT), mfa_enabled: false, locale: 'en-US', verified: true, email: null },
      guilds: world.gone.has(GUILD) ? [] : [{ id: GUILD, unavailable: true }],
      session_id: `session-${session}`,
      resume_gateway_url: url(),
      application: { id: APP, flags: 0 },
      shard: [0, 1],
    })
    if (!world.gone.has(GUILD)) dispatch('GUILD_CREATE', guildOf(world))
  }

  const resume = (from: WebSocket, d: Record<string, unknown>): void => {
    log.push('RESUME')
    if (d.session_id !== `session-${session}`) {
      from.send(JSON.stringify({ op: 9, d: false }))
      return
    }
    socket = from
    for (const one of sent) if (one.s > Number(d.seq)) from.send(JSON.stringify(one))
    dispatch('RESUMED', {})
  }

  const heard = (from: WebSocket, { op, d }: { op: number; d: Record<string, unknown> }): void => {
    if (op === 1) from.send(JSON.stringify({ op: 11 }))
    if (op === 2) identify(from, d)
    if (op === 6) resume(from, d)
  }

  sockets.on('connection', (from) => {
    from.on('message', (data) => heard(from, JSON.parse(String(data))))
    from.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 5000 } }))
  })

  return {
    dispatch,
    log,
    /** Drops the socket: what is dispatched until the bot is back is replayed, if the session lives on. */
    drop(sessionLives = true): void {
      const dropped = socket
      socket = undefined
      if (!sessionLives) session += 1
      dropped?.close(4000)
    },
    /** Sends the last event once more. */
    repeat(): void {
      socket?.send(JSON.stringify(sent.at(-1)))
    },
    refuseWith(code: number): void {
      refuse = code
    },
    close(): void {
      for (const one of sockets.clients) one.terminate()
      sockets.close()
    },
  }
}
