import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { missing, realNode } from './real-node.ts'
import { LONG } from './rig.ts'

describe.skipIf(missing !== null)('a real sshd', { timeout: 30_000 }, () => {
  test('a script runs: bytes, exit status, both streams', async () => {
    const { connect } = await realNode()
    const transport = connect()
    const script = "printf 'a\\000b\\377'; echo trouble >&2; exit 7"
    expect(await transport.run('pve1', script, LONG)).toEqual({
      stdout: Buffer.from('a\0b\xff', 'latin1'),
      stderr: 'trouble\n',
      code: 7,
    })
    expect((await transport.run('pve1', 'echo $0; kill -9 $$', LONG)).code).toBe(137)
  })

  test('a large script and a large answer', async () => {
    const { connect } = await realNode()
    const script = `# ${'x'.repeat(3_000_000)}\nhead -c 5000000 /dev/zero; exit 0`
    const { stdout } = await connect().run('pve1', script, { timeoutMs: 20_000, maxBytes: 5_000_000 })
    expect(stdout.length).toBe(5_000_000)
  }, 20_000)

  test('a script stopped at its time limit does not go on over there', async () => {
    const { connect, home } = await realNode()
    const done = join(home, 'done')
    const transport = connect()
    // Logged in already: the time is the script's alone.
    await transport.run('pve1', 'true', LONG)
    const run = transport.run('pve1', `sleep 3; touch ${done}`, { ...LONG, timeoutMs: 1000 })
    await expect(run).rejects.toMatchObject({ code: 'time-limit' })
    await sleep(4000)
    expect(existsSync(done)).toBe(false)
  }, 10_000)

  test('an sshd that dies in mid-run is a lost connection', async () => {
    const { connect } = await realNode()
    const run = connect().run(
      'pve1',
      'echo half; read -r _ _ _ sshd _ < /proc/$PPID/stat; kill -9 $sshd; sleep 5',
      LONG,
    )
    await expect(run).rejects.toMatchObject({ code: 'connection-lost' })
  })

  test('runs over one connection, per second', async () => {
    const { connect } = await realNode()
    const transport = connect()
    const start = performance.now()
    await transport.run('pve1', 'true', LONG)
    const first = performance.now() - start
    for (let n = 0; n < 200; n++) await transport.run('pve1', 'true', LONG)
    const each = (performance.now() - start - first) / 200
    console.log(
      `real sshd: first run ${first.toFixed(0)} ms, then ${each.toFixed(1)} ms each (${(1000 / each).toFixed(0)} per second)`,
    )
  }, 60_000)
})
