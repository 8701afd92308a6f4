import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fakeServer } from './fake-server.ts'
import { LONG, refused, transportTo } from './rig.ts'

const tcp = async (greet: (socket: Socket) => void) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    onTestFinished(() => void socket.destroy())
    greet(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}
describe('reaching a node', () => {
  test('nobody listens', async () => {
    const { port, stop } = await fakeServer()
    stop()
    const error = await refused(transportTo(port).run('pve1', 'x', LONG))
    expect(error).toMatchObject({ code: 'node-unreachable', hint: expect.stringContaining('sshd') })
    expect(error.message).toBe(`pve1 (127.0.0.1:${port}): connection refused on port ${port}`)
  })

  test('the name is not known', async () => {
    const error = await refused(transportTo(22, {}, { host: 'pve1.invalid' }).run('pve1', 'x', LONG))
    expect(error).toMatchObject({ code: 'node-unreachable', message: expect.stringMatching(/DNS|no answer/) })
  })

  test('a node that is not in the configuration', async () => {
    for (const name of ['pve9', '__proto__', 'toString'])
      expect(await refused(transportTo(22).run(name, 'x', LONG))).toMatchObject({
        code: 'node-unknown',
        hint: 'Nodes in the configuration: pve1.',
      })
  })

  test('it takes the connection and says nothing', async () => {
    const port = await tcp(() => undefined)
    const error = await refused(transportTo(port, { connectMs: 200 }).run('pve1', 'x', LONG))
    expect(error).toMatchObject({
      code: 'node-unreachable',
      message: expect.stringContaining('within 0.2 s while shaking hands'),
    })
  })

  test('the whole time is up before there is a connection', async () => {
    const port = await tcp(() => undefined)
    const error = await refused(transportTo(port).run('pve1', 'x', { ...LONG, timeoutMs: 150 }))
    expect(error).toMatchObject({ code: 'node-unreachable', message: expect.stringContaining('nothing was run') })
  })

  test.each<[string, (socket: Socket) => void]>([
    ['hangs up at once', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['speaks nonsense', (socket) => socket.end('SSH-2.0-x\r\n\0\0\0\x01nonsense nonsense nonsense nonsense')],
  ])('it %s', async (_, greet) => {
    const error = await refused(transportTo(await tcp(greet)).run('pve1', 'x', LONG))
    expect(error).toMatchObject({
      code: 'node-unreachable',
      message: expect.stringMatching(/while shaking hands|ECONNRESET/),
    })
  })

  test('it never answers the login', async () => {
    const { port } = await fakeServer({ onLogin: () => undefined })
    const error = await refused(transportTo(port, { connectMs: 2000 }).run('pve1', 'x', LONG))
    expect(error).toMatchObject({ code: 'node-unreachable', message: expect.stringContaining('while logging in') })
  })

  test('it gives no session, or no shell', async () => {
    for (const play of [
      { onSession: (_: () => void, reject: () => void) => reject() },
      { onStart: (_: () => void, reject: () => void) => reject() },
    ]) {
      const { port } = await fakeServer(play)
      const error = await refused(transportTo(port).run('pve1', 'x', LONG))
      expect(error).toMatchObject({
        code: 'node-unreachable',
        message: expect.stringContaining('no shell could be started'),
      })
    }
  })

  test('it never starts the shell; a late start gets no script', async () => {
    const starts: (() => void)[] = []
    const { port, seen } = await fakeServer({ onStart: (accept) => starts.push(accept) })
    const error = await refused(transportTo(port, { startMs: 150 }).run('pve1', 'rm -rf /', LONG))
    expect(error).toMatchObject({
      code: 'node-unreachable',
      message: expect.stringContaining('no answer within 0.15 s'),
    })
    for (const start of starts) start()
    await sleep(50)
    expect(seen.scripts.filter((script) => script !== '')).toEqual([])
  })
})
