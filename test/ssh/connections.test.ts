import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'
import { FAKE_HOST_KEY, fakeServer, socketOf } from './fake-server.ts'
import { proxy } from './proxy.ts'
import { keyFile, LONG, pinned, transportTo } from './rig.ts'

describe('connections', () => {
  test('the first callers share one, and it is kept', async () => {
    const { port, seen } = await fakeServer()
    const transport = transportTo(port)
    await Promise.all(Array.from({ length: 5 }, (_, n) => transport.run('pve1', `${n}`, LONG)))
    await transport.run('pve1', 'later', LONG)
    expect(seen.connections).toBe(1)
    expect(seen.scripts.toSorted()).toEqual(['0', '1', '2', '3', '4', 'later'])
  })

  test('many at once are spread, because sshd allows ten sessions on one', async () => {
    const { port, seen } = await fakeServer()
    const transport = transportTo(port)
    const outputs = await Promise.all(Array.from({ length: 30 }, (_, n) => transport.run('pve1', `${n}`, LONG)))
    expect(outputs.map(({ stdout }) => Number(stdout.toString()))).toEqual(Array.from({ length: 30 }, (_, n) => n))
    expect(seen.connections).toBe(4)
  })

  test('a fresh run has one of its own, and leaves nothing open', async () => {
    const { port, seen, open } = await fakeServer()
    const transport = transportTo(port)
    await transport.run('pve1', 'a', LONG)
    await transport.run('pve1', 'b', { ...LONG, fresh: true })
    await transport.run('pve1', 'c', LONG)
    expect(seen.connections).toBe(2)
    await expect.poll(() => open.size).toBe(1)
  })

  test('a command that has ended before the script was sent still gives its answer', async () => {
    const { port, open } = await fakeServer({
      onStart: (accept) => {
        // all in one packet: started, refused, over
        const sockets = [...open].map(socketOf)
        for (const socket of sockets) socket.cork()
        const channel = accept()
        channel.stderr.write('sudo: a password is required\n')
        channel.exit(1)
        channel.end()
        setTimeout(() => {
          for (const socket of sockets) socket.uncork()
        }, 20)
      },
    })
    const transport = transportTo(port, {}, { sudo: true })
    for (let n = 0; n < 20; n++)
      await expect(transport.run('pve1', 'x', LONG)).rejects.toMatchObject({ code: 'sudo-refused' })
  })

  test('of many that are idle only the newest are kept: memory goes with what runs, not with what ever ran', async () => {
    const { port, open } = await fakeServer()
    const access = { host: '127.0.0.1', port, user: 'root', keyFile: keyFile(), sudo: false }
    const names = Array.from({ length: 100 }, (_, n) => `pve${n}`)
    const transport = createSshTransport({
      nodes: Object.fromEntries(names.map((name) => [name, access])),
      hostKeys: pinned(Object.fromEntries(names.map((name) => [name, FAKE_HOST_KEY]))),
    })
    onTestFinished(() => transport.close())
    for (const name of names) await transport.run(name, 'x', LONG)
    await expect.poll(() => open.size).toBe(64)
    await transport.run('pve0', 'again', LONG)
    await expect.poll(() => open.size).toBe(64)
  })

  test('an idle one is closed, a busy one is not', async () => {
    const { port, seen, open } = await fakeServer({
      onScript: async (channel) => {
        await sleep(200)
        channel.exit(0)
        channel.end()
      },
    })
    const transport = transportTo(port, { idleMs: 80 })
    await Promise.all([transport.run('pve1', 'a', LONG), sleep(100).then(() => transport.run('pve1', 'b', LONG))])
    expect(seen.connections).toBe(1)
    await expect.poll(() => open.size).toBe(0)
    await transport.run('pve1', 'c', LONG)
    expect(seen.connections).toBe(2)
  })

  test('one that was closed between runs is replaced', async () => {
    const { port, seen, open } = await fakeServer()
    const transport = transportTo(port)
    await transport.run('pve1', 'a', LONG)
    for (const client of open) client.end()
    await transport.run('pve1', 'b', LONG)
    await sleep(50)
    await transport.run('pve1', 'c', LONG)
    expect(seen.scripts).toEqual(['a', 'b', 'c'])
  })

  test('one that died unnoticed is replaced, and the script runs exactly once', async () => {
    const { port, seen } = await fakeServer()
    const wire = await proxy(port)
    const transport = transportTo(wire.port, { startMs: 1000 })
    await transport.run('pve1', 'a', LONG)
    wire.darken()
    expect((await transport.run('pve1', 'b', LONG)).stdout.toString()).toBe('b')
    expect(seen.scripts).toEqual(['a', 'b'])
    expect(seen.connections).toBe(2)
  })

  test('a script that may have run is never sent again', async () => {
    const { port, seen, open } = await fakeServer({
      onScript: () => {
        for (const client of open) client.end()
      },
    })
    const transport = transportTo(port)
    for (const script of ['a', 'b'])
      await expect(transport.run('pve1', script, LONG)).rejects.toMatchObject({ code: 'connection-lost' })
    expect(seen.scripts).toEqual(['a', 'b'])
  })

  test('a killed run takes its connection along, but not under the feet of another run', async () => {
    const { port, seen, open } = await fakeServer({
      onScript: async (channel, script) => {
        if (script === 'hangs') return
        await sleep(1500)
        channel.exit(0)
        channel.end(script)
      },
    })
    const transport = transportTo(port)
    await transport.run('pve1', 'works', LONG)
    const other = transport.run('pve1', 'works', LONG)
    await expect(transport.run('pve1', 'hangs', { ...LONG, timeoutMs: 500 })).rejects.toMatchObject({
      code: 'time-limit',
    })
    expect((await other).stdout.toString()).toBe('works')
    await expect.poll(() => open.size).toBe(0)
    await transport.run('pve1', 'works', LONG)
    expect(seen.connections).toBe(2)
  })

  test('closing ends what runs, what connects, and what comes later', async () => {
    const { port, open } = await fakeServer({ onScript: () => undefined })
    const transport = transportTo(port)
    const running = transport.run('pve1', 'a', LONG)
    await expect.poll(() => open.size).toBe(1)
    await sleep(50)
    const connecting = transport.run('pve1', 'b', { ...LONG, fresh: true })
    const results = Promise.allSettled([running, connecting])
    await transport.close()
    for (const result of await results)
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'connection-lost', message: expect.stringContaining('shutting down') },
      })
    await expect(transport.run('pve1', 'c', LONG)).rejects.toMatchObject({ code: 'connection-lost' })
    await expect.poll(() => open.size).toBe(0)
  })

  test('after closing nothing keeps the process alive', async () => {
    const { port } = await fakeServer({
      onScript: (channel, script) => {
        if (script !== 'ends') return
        channel.exit(0)
        channel.end()
      },
    })
    const module = new URL('./leaves.ts', import.meta.url).pathname
    const start = Date.now()
    const { stdout } = await promisify(execFile)(process.execPath, [module, String(port), keyFile(), FAKE_HOST_KEY], {
      timeout: 8000,
    })
    expect(stdout).toBe('0\nconnection-lost\n')
    expect(Date.now() - start).toBeLessThan(8000)
  }, 10_000)

  test('2,000 runs over one leave nothing behind', async () => {
    const { port, seen } = await fakeServer()
    const transport = transportTo(port)
    setFlagsFromString('--expose-gc')
    const gc: () => void = runInNewContext('gc')
    const warnings: Error[] = []
    const hear = (warning: Error) => warnings.push(warning)
    process.on('warning', hear)
    const many = async (runs: number) => {
      for (let n = 0; n < runs; n++) await transport.run('pve1', 'x'.repeat(100), LONG)
      seen.scripts.length = 0
      seen.commands.length = 0
      gc()
      return process.memoryUsage().heapUsed
    }
    const before = await many(500)
    const after = await many(2000)
    process.off('warning', hear)
    expect(seen.connections).toBe(1)
    expect(warnings).toEqual([])
    expect(after - before).toBeLessThan(2_000_000)
  }, 60_000)
})
