import { createConnection, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import type { OperatorError } from '../errors.ts'
import { type Hop, troubleAt } from './hop.ts'

/** Opens TCP to the first host. The caller ends a hanging attempt by destroying the socket. */
export const dial = (hop: Hop, onSocket: (socket: Socket) => void): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { host, port } = hop.access
    const socket = createConnection({ host, port, noDelay: true })
    onSocket(socket)
    const fail = (error: NodeJS.ErrnoException) => reject(noWayTo(hop, error))
    socket.on('error', fail)
    socket.once('close', () => fail(new Error('closed')))
    socket.once('connect', () => resolve(socket))
  })

/** Opens TCP from a jump host to the next host. */
export const forward = (client: Client, hop: Hop): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    const { host, port } = hop.access
    const fail = (error: unknown) => {
      const says = `the jump host could not connect to ${host}:${port} (${error instanceof Error ? error.message : error})`
      const hint = 'Check that the node is up, that the jump host reaches it, and that AllowTcpForwarding is on there.'
      reject(troubleAt(hop, 'node-unreachable', says, hint, error))
    }
    try {
      client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => (error ? fail(error) : resolve(channel)))
    } catch (error) {
      fail(error)
    }
  })

const noWayTo = (hop: Hop, error: NodeJS.ErrnoException): OperatorError => {
  const { host, port } = hop.access
  const [says, hint] = WAYS[error.code ?? ''] ?? [
    `no connection to ${host}:${port} (${error.code ?? error.message})`,
    UP,
  ]
  return troubleAt(hop, 'node-unreachable', says.replace('HOST', host).replace('PORT', String(port)), hint, error)
}

const UP = 'Check that the host is up and that the network between is.'
const WAYS: Record<string, readonly [says: string, hint: string]> = {
  ECONNREFUSED: [
    'connection refused on port PORT',
    'The host is up; check that sshd runs there and listens on that port.',
  ],
  ENOTFOUND: ['the name HOST is not known (DNS)', 'Correct host in the configuration, or the name service.'],
  EAI_AGAIN: [
    'the name HOST could not be looked up (DNS does not answer)',
    'Check the name service, or use an address.',
  ],
  EHOSTUNREACH: ['no route to HOST', UP],
  ENETUNREACH: ['no route to the network of HOST', UP],
  ETIMEDOUT: ['no answer from HOST on port PORT', UP],
}
