import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OperatorError } from '../../src/errors.ts'
import { echo, fakeServer } from './fake-server.ts'
import { proxy } from './proxy.ts'
import { LONG, refused, transportTo } from './rig.ts'

describe('a run that goes wrong', () => {
  test('it hangs: the whole time', async () => {
    const { port } = await fakeServer({ onScript: () => undefined })
    const error = await refused(transportTo(port).run('pve1', 'x', { ...LONG, timeoutMs: 2000 }))
    expect(error).toMatchObject({ code: 'time-limit', message: expect.stringContaining('not done within 2 s') })
  })

  test('it hangs: no byte for so long; a slow one that goes on is left alone', async () => {
    const { port } = await fakeServer({
      onScript: async (channel, script) => {
        for (let n = 0; n < 8; n++) {
          channel.write(`${n}`)
          await sleep(120)
        }
        if (script === 'ends') echo(channel, '.')
      },
    })
    const transport = transportTo(port, { silenceMs: 900 })
    expect((await transport.run('pve1', 'ends', LONG)).stdout.toString()).toBe('01234567.')
    expect(await refused(transport.run('pve1', 'hangs', LONG))).toMatchObject({
      code: 'time-limit',
      message: expect.stringContaining('printed nothing for 0.9 s'),
    })
  })

  test('it floods, on either stream', async () => {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { port } = await fakeServer({
        onScript: (channel) => {
          const pour = () => {
            if (!channel.writable) return
            channel[stream].write(Buffer.alloc(30_000))
            setImmediate(pour)
          }
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
        expect(Date.now() - start).toBeLessThan(15_000)
        await transport.close()
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})
