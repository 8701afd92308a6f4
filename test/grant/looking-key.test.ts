import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collect } from '../../src/facts/collect.ts'
import { learn } from '../../src/facts/learn.ts'
import { FOLLOW_SCRIPT } from '../../src/fleet/task-index.ts'
import { collectorScript } from '../../src/grant/collector.ts'
import { keyLines } from '../../src/grant/installer.ts'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'
import { LONG, pinned } from '../ssh/rig.ts'
import { makeKey, noSshd, publicKey, startSshd, user, workshop } from '../ssh/sshd.ts'

const missing = noSshd()
if (missing) console.warn(`SKIPPED: the looking key was not tried against a real sshd: ${missing}`)

/** A real sshd that lets one key in, for the collector alone. */
async function looked() {
  const home = workshop()
  const collector = join(home, 'lanekeeper-look')
  writeFileSync(collector, collectorScript())
  chmodSync(collector, 0o755)
  const [key, host] = [makeKey(home, 'look'), makeKey(home, 'host')]
  const options = keyLines({ user: 'root', look: '', change: '' })[0]
    .split(' ')[0]
    ?.replace(/command=".*"/, `command="${collector}"`)
  const sshd = await startSshd(home, [key], [host], '/usr/bin:/bin', options)
  const canary = join(home, 'canary')
  const known = join(home, 'known_hosts')
  writeFileSync(known, `[127.0.0.1]:${sshd.port} ${publicKey(host)}\n`)
  /** What every client of OpenSSH is told. */
  const own = ['-F', 'none', '-i', key, '-o', `UserKnownHostsFile=${known}`, '-o', 'BatchMode=yes']
  const base = [...own, '-p', String(sshd.port)]
  /** What such a client gets. It is ended after a while when it holds on. */
  const ssh = (args: readonly string[], input: string | Buffer = '', program = 'ssh') => {
    const env = { ...process.env, LD_PRELOAD: '', BASH_ENV: canary }
    const { status, stdout, stderr } = spawnSync(program, args, { input, env, timeout: 5000, encoding: 'latin1' })
    return { code: status, out: stdout + stderr }
  }
  const transport = createSshTransport({
    nodes: { pve1: { host: '127.0.0.1', port: sshd.port, user, keyFile: key, sudo: false } },
    hostKeys: pinned({ pve1: publicKey(host) }),
  })
  return { home, key, sshd, canary, known, own, base, ssh, transport, close: () => transport.close() }
}

describe.skipIf(missing !== null)('the looking key, on a real sshd', { timeout: 60_000 }, () => {
  test('lets the bot look, follow, and nothing else', async () => {
    const { transport, close } = await looked()
    const { facts } = learn(await collect(transport, 'pve1', { now: () => new Date() }))
    expect(facts.uname).toBe(execFileSync('uname', ['-r']).toString().trim())
    expect(facts.cmdline?.words.length).toBeGreaterThan(0)
    const lines: string[] = []
    const stop = new AbortController()
    const following = transport.follow('pve1', FOLLOW_SCRIPT, (line) => lines.push(line), stop.signal)
    await expect.poll(() => lines[0], { timeout: 10_000 }).toMatch(/^boot /)
    stop.abort()
    await following
    const output = await transport.run('pve1', 'id\n', LONG)
    expect(output).toMatchObject({ code: 126, stderr: expect.stringContaining('nothing can be done but looking') })
    await close()
  })

  test('refuses whatever else is tried, and nothing of it happens', async () => {
    const { home, key, sshd, canary, known, own, base, ssh, close } = await looked()
    const touch = `touch ${canary}`
    const header = '# lanekeeper probes 0123456789abcdef uname'
    const at = [...base, '127.0.0.1']
    const url = `sftp://root@127.0.0.1:${sshd.port}`
    const tries: Record<string, () => { out: string }> = {
      'a command': () => ssh([...at, touch]),
      'a command that names the collector': () => ssh([...at, `lanekeeper-look; ${touch}`], header),
      'a shell': () => ssh([...at, 'sh -s'], `${touch}\n`),
      'a terminal': () => ssh([...base, '-tt', '127.0.0.1'], `${touch}\n`),
      'no command at all': () => ssh(at, `${touch}\n`),
      'a script behind the header': () => ssh([...at, 'sh -s'], `${header}\n${touch}\n`),
      'a nonce that is a command': () => ssh(at, `# lanekeeper probes $(${touch}) uname\n`),
      'a nonce in backquotes': () => ssh(at, `# lanekeeper probes \`${touch}\` uname\n`),
      'a nonce that ends the word': () => ssh(at, `# lanekeeper probes a;${touch} uname\n`),
      'a nonce without end': () => ssh(at, `# lanekeeper probes ${'a'.repeat(100_000)} uname\n`),
      'a pattern for a nonce': () => ssh(at, '# lanekeeper probes * uname\n'),
      'a name of a probe that is a command': () => ssh(at, `${header};${touch} $(${touch})\n`),
      'lines behind the mark that follows': () => ssh(at, `# lanekeeper follow\n${touch}\n`),
      'more than the members': () => ssh(at, `cat /etc/pve/.members; ${touch}\n`),
      'another file than the members': () => ssh(at, 'cat /etc/shadow\n'),
      nothing: () => ssh(at, ''),
      noise: () => ssh(at, Buffer.from(Array.from({ length: 5000 }, (_, n) => n % 256))),
      'a variable that a shell would read': () =>
        ssh([...base, '-o', 'SendEnv=BASH_ENV', '-o', `SetEnv=ENV=${canary}`, '127.0.0.1'], `${header}\n`),
      'files by sftp': () => ssh([...own, '-b', '-', url], `put ${key} ${canary}\n`, 'sftp'),
      'files by scp': () => ssh([...own, '-P', String(sshd.port), key, `127.0.0.1:${canary}`], '', 'scp'),
      'a way on to another host': () => ssh([...base, '-W', `127.0.0.1:${sshd.port}`, '127.0.0.1']),
      'a port that is forwarded back': () =>
        ssh([...base, '-o', 'ExitOnForwardFailure=yes', '-N', '-R', '0:127.0.0.1:1', '127.0.0.1']),
      'an agent that goes along': () =>
        ssh([...base, '-A', '127.0.0.1', 'echo $SSH_AUTH_SOCK'], 'echo $SSH_AUTH_SOCK\n'),
    }
    expect(Object.keys(tries).length).toBeGreaterThanOrEqual(20)
    for (const [what, attempt] of Object.entries(tries)) {
      const { out } = attempt()
      expect(existsSync(canary), what).toBe(false)
      expect(out, what).not.toMatch(/root:[^:]*:\d+:|SSH-2\.0|\/agent\.|uid=0/)
    }
    // That the tries would do something without the forced command: the same key let in freely.
    const free = await startSshd(home, [key], [join(home, 'host')])
    const open = base.map((word) => (word === String(sshd.port) ? String(free.port) : word))
    writeFileSync(known, `${readFileSync(known, 'utf8')}[127.0.0.1]:${free.port} ${publicKey(join(home, 'host'))}\n`)
    ssh([...open, '127.0.0.1', touch])
    expect(existsSync(canary)).toBe(true)
    await close()
  })
})
