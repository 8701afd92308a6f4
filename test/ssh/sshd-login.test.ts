import { execFileSync, spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { NodeAccess } from '../../src/ssh/access.ts'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'
import { missing, realNode } from './real-node.ts'
import { LONG, pinned } from './rig.ts'
import { makeKey, publicKey, startSshd, user } from './sshd.ts'

describe.skipIf(missing !== null)('login at a real sshd', { timeout: 30_000 }, () => {
  test('by an encrypted key, the passphrase in the environment', async () => {
    const { connect, home, key } = await realNode({ env: { PHRASE: 'open sesame', EMPTY: '' } })
    execFileSync('cp', [key, join(home, 'locked')])
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'open sesame', '-f', join(home, 'locked')])
    const keyFile = join(home, 'locked')
    expect((await connect({ keyFile, passphraseEnv: 'PHRASE' }).run('pve1', 'true', LONG)).code).toBe(0)
    for (const [more, says] of [
      [{ passphrase: 'wrong' }, 'the passphrase is wrong'],
      [{}, 'it is encrypted and no passphrase was given'],
      [{ passphraseEnv: 'EMPTY' }, 'it is encrypted and no passphrase was given'],
    ] as const)
      await expect(connect({ keyFile, ...more }).run('pve1', 'true', LONG)).rejects.toMatchObject({
        code: 'login-refused',
        message: expect.stringContaining(says),
      })
  })

  test('an RSA key and an old PEM key', async () => {
    const { home } = await realNode()
    const rsa = makeKey(home, 'rsa', '', 'rsa')
    const pem = makeKey(home, 'pem', '', 'ecdsa')
    execFileSync('ssh-keygen', ['-q', '-p', '-m', 'PEM', '-N', '', '-f', pem])
    const host = makeKey(home, 'host')
    const { port } = await startSshd(home, [rsa, pem], [host])
    for (const keyFile of [rsa, pem]) {
      const access = NodeAccess.parse({ host: '127.0.0.1', port, user, keyFile })
      const transport = createSshTransport({ nodes: { pve1: access }, hostKeys: pinned({ pve1: publicKey(host) }) })
      expect((await transport.run('pve1', 'true', LONG)).code).toBe(0)
      await transport.close()
    }
  })

  test.each([
    ['is not there', () => undefined, 'there is no such file'],
    ['is nonsense', (file: string) => writeFileSync(file, 'nonsense'), 'no private key that can be used'],
  ])('a key file that %s', async (_, make, says) => {
    const { connect, home } = await realNode()
    make(join(home, 'odd'))
    await expect(connect({ keyFile: join(home, 'odd') }).run('pve1', 'true', LONG)).rejects.toMatchObject({
      code: 'login-refused',
      message: expect.stringContaining(says),
    })
  })

  test('the public file given for the private one', async () => {
    const { connect, key } = await realNode()
    await expect(connect({ keyFile: `${key}.pub` }).run('pve1', 'true', LONG)).rejects.toThrow('it is a public key')
  })

  test('refused: says as whom, what was tried, and what the host takes', async () => {
    const { connect, home, sshd } = await realNode()
    const other = makeKey(home, 'other')
    const run = connect({ keyFile: other, agent: join(home, 'no.sock') }).run('pve1', 'true', LONG)
    await expect(run).rejects.toMatchObject({
      code: 'login-refused',
      hint: expect.stringContaining('authorized_keys'),
    })
    await expect(run).rejects.toThrow(
      `pve1 (127.0.0.1:${sshd.port}): login as ${user} refused; tried key ${other}, agent ${join(home, 'no.sock')}; agent: Failed to connect to agent; the host accepts publickey`,
    )
  })

  test('by an agent, also after a key that is refused', async () => {
    const { connect, home, key } = await realNode({ env: { SSH_AUTH_SOCK: '' } })
    const socket = join(home, 'agent.sock')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
    onTestFinished(() => void agent.kill())
    await expect.poll(() => existsSync(socket)).toBe(true)
    const empty = connect({ keyFile: undefined, agent: socket })
    await expect(empty.run('pve1', 'true', LONG)).rejects.toMatchObject({ code: 'login-refused' })
    execFileSync('ssh-add', ['-q', makeKey(home, 'first'), key], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
    for (const more of [
      { keyFile: undefined, agent: socket },
      { keyFile: makeKey(home, 'other'), agent: socket },
    ])
      expect((await connect(more).run('pve1', 'true', LONG)).code).toBe(0)
  })

  test('agent: true without an agent says so', async () => {
    const { connect } = await realNode()
    await expect(connect({ keyFile: undefined, agent: true }).run('pve1', 'true', LONG)).rejects.toThrow(
      'SSH_AUTH_SOCK is not set',
    )
  })
})
