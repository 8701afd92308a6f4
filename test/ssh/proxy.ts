import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A wire that can be cut or go dead after so many bytes from the server; without a plan it just carries. */
export const proxy = async (port: number) => {
  const sockets = new Set<Socket>()
  const wire = { carried: 0, cutAfter: Number.POSITIVE_INFINITY, deadAfter: Number.POSITIVE_INFINITY }
  const server = createServer((near) => {
    const far = createConnection({ port, host: '127.0.0.1' })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
        sockets.delete(socket)
      })
    }
    let dead = false
    near.on('data', (chunk) => dead || far.write(chunk))
    far.on('data', (chunk) => {
      const room = Math.min(wire.cutAfter, wire.deadAfter) - wire.carried
      const part = chunk.subarray(0, Math.max(0, room))
      wire.carried += part.length
      if (dead) return
      if (part.length > 0) near.write(part)
      if (part.length === chunk.length) return
      if (wire.cutAfter < wire.deadAfter) near.end(() => near.destroy())
      else dead = true
    })
    wires.push({ kill: () => (dead = true) })
  })
  const wires: { kill: () => void }[] = []
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    wire,
    /** All connections there are go dead without a word, as when the peer loses its power. */
    darken: () => {
      for (const each of wires) each.kill()
    },
  }
}
