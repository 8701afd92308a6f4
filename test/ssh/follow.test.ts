import { execFileSync } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FOLLOW_SCRIPT } from '../../src/fleet/task-index.ts'
import { missing, realNode } from './real-node.ts'
import { LONG, refused } from './rig.ts'

const processes = (word: string): boolean => execFileSync('ps', ['-e', '-o', 'args']).toString().includes(word)

describe.skipIf(missing !== null)('what is followed on a real sshd', { timeout: 30_000 }, () => {
  test('comes line by line, beside runs on the same connection, and nothing of it stays on the node when it is over', async () => {
    const { connect, home } = await realNode()
    const transport = connect()
    const index = join(home, 'index')
    writeFileSync(index, 'before\n')
    const stop = new AbortController()
    const lines: string[] = []
    const script = FOLLOW_SCRIPT.replaceAll('/var/log/pve/tasks/index', index)
    const following = transport.follow('pve1', script, (line) => lines.push(line), stop.signal)
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(2)
    expect(lines[0]).toMatch(/^boot /)
    for (const line of ['one', 'two']) {
      appendFileSync(index, `${line}\n`)
      expect((await transport.run('pve1', 'echo beside', LONG)).stdout.toString()).toBe('beside\n')
      await expect.poll(() => lines.at(-1), { timeout: 5000 }).toBe(line)
    }
    expect(processes(index)).toBe(true)
    stop.abort()
    await following
    await expect.poll(() => processes(index), { timeout: 10_000 }).toBe(false)
  })

  test('an sshd that dies, or a script that ends, is told', async () => {
    const { connect } = await realNode()
    const never = new AbortController().signal
    const killed = connect().follow('pve1', 'kill -9 $PPID; sleep 5\n', () => undefined, never)
    expect((await refused(killed)).code).toBe('connection-lost')
    const ended = connect().follow('pve1', 'echo x; exit 3\n', () => undefined, never)
    expect(await refused(ended)).toMatchObject({ code: 'connection-lost', message: expect.stringContaining('ended') })
  })

  test('a line without an end is given up', async () => {
    const { connect } = await realNode()
    const flood = connect().follow('pve1', 'cat /dev/zero\n', () => undefined, new AbortController().signal)
    expect((await refused(flood)).message).toContain('without an end')
  })
})
