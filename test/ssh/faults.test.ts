import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { OperatorError } from '../../src/errors.ts'
import { echo, fakeServer } from './fake-server.ts'
import { proxy } from './proxy.ts'
import { LONG, transportTo } from './rig.ts'

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
const refused = async (run: Promise<unknown>) => {
  const error = await run.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof OperatorError)) throw new Error(`expected an OperatorError, got ${error}`)
  return error
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
    expect(error).toMatchObject({ code: 'node-unreachable', message: expect.stringContaining('while shaking hands') })
  })

  test('it never answers the login', async () => {
    const { port } = await fakeServer({ onLogin: () => undefined })
    const error = await refused(transportTo(port, { connectMs: 300 }).run('pve1', 'x', LONG))
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

describe('a run that goes wrong', () => {
  test('it hangs: the whole time', async () => {
    const { port } = await fakeServer({ onScript: () => undefined })
    const error = await refused(transportTo(port).run('pve1', 'x', { ...LONG, timeoutMs: 300 }))
    expect(error).toMatchObject({ code: 'time-limit', message: expect.stringContaining('not done within 0.3 s') })
  })

  test('it hangs: no byte for so long; a slow one that goes on is left alone', async () => {
    const { port } = await fakeServer({
      onScript: async (channel, script) => {
        for (let n = 0; n < 8; n++) {
          channel.write(`${n}`)
          await sleep(60)
        }
        if (script === 'ends') echo(channel, '.')
      },
    })
    const transport = transportTo(port, { silenceMs: 250 })
    expect((await transport.run('pve1', 'ends', LONG)).stdout.toString()).toBe('01234567.')
    expect(await refused(transport.run('pve1', 'hangs', LONG))).toMatchObject({
      code: 'time-limit',
      message: expect.stringContaining('printed nothing for 0.25 s'),
    })
  })

  test('it floods, on either stream', async () => {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { port } = await fakeServer({
        onScript: (channel) => {
          const pour = () => channel.writable && (channel[stream].write(Buffer.alloc(30_000)), setImmediate(pour))
          pour()
        },
      })
      const error = await refused(transportTo(port).run('pve1', 'x', { ...LONG, maxBytes: 200_000 }))
      expect(error).toMatchObject({ code: 'size-limit', message: expect.stringContaining('more than 200000 bytes') })
    }
  })

  test('just as many bytes as allowed are no flood', async () => {
    const { port } = await fakeServer()
    const { stdout } = await transportTo(port).run('pve1', 'x'.repeat(1 << 20), LONG)
    expect(stdout.length).toBe(1 << 20)
  })

  test('it ends without an exit status', async () => {
    const { port } = await fakeServer({ onScript: (channel) => void channel.end('half') })
    expect(await refused(transportTo(port).run('pve1', 'x', LONG))).toMatchObject({ code: 'connection-lost' })
  })

  test('it is killed by a signal', async () => {
    const { port } = await fakeServer({
      onScript: (channel) => {
        channel.exit('KILL', false, '')
        channel.end()
      },
    })
    expect(await transportTo(port).run('pve1', 'x', LONG)).toMatchObject({ code: 137 })
  })

  test('cut at any byte, the answer is whole or an error, and the next run works', async () => {
    const { port } = await fakeServer({
      onScript: (channel, script) => {
        channel.write(script)
        channel.stderr.write('noise')
        channel.exit(3)
        channel.end()
      },
    })
    const script = 'y'.repeat(3000)
    const whole = { code: 3, stderr: 'noise', stdout: Buffer.from(script) }
    const measured = await proxy(port)
    expect(await transportTo(measured.port).run('pve1', script, LONG)).toEqual(whole)
    const codes = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.nat(measured.wire.carried), async (cutAfter) => {
        const { port: there, wire } = await proxy(port)
        wire.cutAfter = cutAfter
        const transport = transportTo(there)
        const output = await transport.run('pve1', script, LONG).catch((error: OperatorError) => error)
        if (output instanceof Error) {
          expect(['node-unreachable', 'connection-lost']).toContain(output.code)
          codes.add(output.code)
        } else expect(output).toEqual(whole)
        wire.cutAfter = Number.POSITIVE_INFINITY
        expect(await transport.run('pve1', script, LONG)).toEqual(whole)
        await transport.close()
      }),
      { numRuns: 120 },
    )
    expect([...codes].sort()).toEqual(['connection-lost', 'node-unreachable'])
  }, 60_000)

  test('silent from any byte on, the keepalive or a limit ends it', async () => {
    const { port } = await fakeServer()
    const limits = { connectMs: 150, startMs: 150, keepaliveMs: 40 }
    await fc.assert(
      fc.asyncProperty(fc.nat(4500), async (deadAfter) => {
        const { port: there, wire } = await proxy(port)
        wire.deadAfter = deadAfter
        const transport = transportTo(there, limits)
        const start = Date.now()
        const output = await transport.run('pve1', 'z'.repeat(3000), LONG).catch((error: OperatorError) => error)
        if (output instanceof Error) expect(['node-unreachable', 'connection-lost']).toContain(output.code)
        else expect(output.stdout.length).toBe(3000)
        expect(Date.now() - start).toBeLessThan(1500)
        await transport.close()
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})
