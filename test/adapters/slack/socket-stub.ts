import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

/** Slack's side of Socket Mode: hello, pings, envelopes, and their acknowledgements. */
export function createSocketStub(server: Server) {
  const wss = new WebSocketServer({ server, path: '/link' })
  const waiting = new Map<string, (payload: unknown) => void>()
  const opened: WebSocket[] = []
  wss.on('connection', (socket) => {
    opened.push(socket)
    const pings = setInterval(() => socket.ping(), 5000)
    socket.on('close', () => clearInterval(pings))
    socket.on('error', () => undefined)
    socket.on('message', (data) => {
      const { envelope_id, payload } = JSON.parse(String(data)) as { envelope_id: string; payload: unknown }
      waiting.get(envelope_id)?.(payload)
    })
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0LANE' } }))
  })
  const live = () => opened.filter((socket) => socket.readyState === socket.OPEN)
  let count = 0

  return {
    /** How many sockets were opened so far. */
    opened: () => opened.length,
    live: () => live().length,
    /** Sends an envelope; resolves with the payload of its acknowledgement, undefined when no socket is open or none comes. */
    async send(type: string, payload: unknown, more: object = {}): Promise<unknown> {
      const socket = live().at(-1)
      if (!socket) return undefined
      count += 1
      const envelope_id = `envelope-${count}`
      const { promise, resolve } = Promise.withResolvers<unknown>()
      waiting.set(envelope_id, (payload) => resolve(payload ?? {}))
      socket.send(JSON.stringify({ envelope_id, type, payload, ...more }))
      const late = setTimeout(() => resolve(undefined), 3000)
      return promise.finally(() => clearTimeout(late))
    },
    /** The line is cut, without a word. */
    drop: () => live().forEach((socket) => void socket.terminate()),
    /** Slack asks for another socket. */
    refresh: () =>
      live().forEach((socket) => void socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }))),
    close: () => {
      for (const socket of wss.clients) socket.terminate()
      wss.close()
    },
  }
}
