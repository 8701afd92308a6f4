import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { jumpName, NodeAccess } from '../../src/ssh/access.ts'
import { scanHostKey } from '../../src/ssh/scan.ts'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'
import { missing, realNode } from './real-node.ts'
import { LONG, pinned } from './rig.ts'
import { makeKey, publicKey, user } from './sshd.ts'

describe.skipIf(missing !== null)('host keys of a real sshd', { timeout: 30_000 }, () => {
  test('unknown: nothing runs, the fingerprint and the way on are told; after trusting it works', async () => {
    const { hostKeys, node, home } = await realNode()
    const file = hostKeys[0] ?? ''
    const print =
      execFileSync('ssh-keygen', ['-lf', `${file}.pub`])
        .toString()
        .split(' ')[1] ?? ''
    const empty = pinned({})
    const strange = createSshTransport({ nodes: { pve1: node() }, hostKeys: empty })
    const run = strange.run('pve1', `touch ${home}/ran`, LONG)
    await expect(run).rejects.toMatchObject({
      code: 'host-key-unknown',
      hint: expect.stringContaining('lanekeeper trust pve1'),
    })
    await expect(run).rejects.toThrow(print)
    expect(existsSync(`${home}/ran`)).toBe(false)

    const seen = await scanHostKey('pve1', { ...node(), keyFile: '/not/needed' }, empty)
    expect(seen).toEqual({ name: 'pve1', type: 'ssh-ed25519', key: publicKey(file), fingerprint: print })
    await empty.pin(seen.name, seen.key)
    expect((await strange.run('pve1', 'true', LONG)).code).toBe(0)
    await strange.close()
  })

  test('changed: both fingerprints are told, and the login is not even tried', async () => {
    const { connect, keys, home, sshd } = await realNode()
    const other = makeKey(home, 'other-host')
    await keys.pin('pve1', publicKey(other))
    const run = connect().run('pve1', 'true', LONG)
    await expect(run).rejects.toMatchObject({
      code: 'host-key-changed',
      message: expect.stringMatching(/SHA256:.*SHA256:/),
    })
    expect(sshd.log()).not.toContain('Accepted')
    expect(
      await scanHostKey('pve1', NodeAccess.parse({ host: '127.0.0.1', port: sshd.port, keyFile: 'x' }), keys),
    ).toMatchObject({ name: 'pve1' })
  })

  test.each(['rsa', 'ecdsa', 'ed25519'])('of several, the pinned one is asked for: %s', async (type) => {
    const { connect, keys, hostKeys } = await realNode({ hostKeyTypes: ['ed25519', 'rsa', 'ecdsa'] })
    await keys.pin('pve1', publicKey(hostKeys.find((file) => file.endsWith(type)) ?? ''))
    expect((await connect().run('pve1', 'true', LONG)).code).toBe(0)
  })

  test('a host that lost the pinned type shows a change, not a failed handshake', async () => {
    const { connect, keys, home } = await realNode()
    await keys.pin('pve1', publicKey(makeKey(home, 'rsa-host', '', 'rsa')))
    await expect(connect().run('pve1', 'true', LONG)).rejects.toMatchObject({ code: 'host-key-changed' })
  })
})

describe.skipIf(missing !== null)('through a real jump host', { timeout: 30_000 }, () => {
  const rig = async () => {
    const inner = await realNode()
    const outer = await realNode()
    const jump = { host: '127.0.0.1', port: outer.sshd.port, user, keyFile: outer.key }
    const access = inner.node({ jump })
    if (!access.jump) throw new Error('no jump')
    return {
      inner,
      outer,
      access,
      name: jumpName(access.jump),
      jumpKey: publicKey(outer.hostKeys[0] ?? ''),
      nodeKey: publicKey(inner.hostKeys[0] ?? ''),
    }
  }

  test('it runs, and is gone with the jump host', async () => {
    const { access, name, jumpKey, nodeKey, outer } = await rig()
    const transport = createSshTransport({
      nodes: { pve1: access },
      hostKeys: pinned({ [name]: jumpKey, pve1: nodeKey }),
    })
    expect((await transport.run('pve1', 'echo here', LONG)).stdout.toString()).toBe('here\n')
    expect((await transport.run('pve1', 'head -c 3000000 /dev/zero', { ...LONG, maxBytes: 4e6 })).stdout.length).toBe(
      3_000_000,
    )
    await outer.sshd.stop()
    await transport.run('pve1', 'true', LONG)
    await expect(transport.run('pve1', 'true', { ...LONG, fresh: true })).rejects.toMatchObject({
      code: 'node-unreachable',
    })
    await transport.close()
  })

  test('both keys must be known; scanning gives them one by one', async () => {
    const { access, name, jumpKey, nodeKey } = await rig()
    const keys = pinned({})
    const transport = createSshTransport({ nodes: { pve1: access }, hostKeys: keys })
    for (const [where, key] of [
      [name, jumpKey],
      ['pve1', nodeKey],
    ] as const) {
      await expect(transport.run('pve1', 'true', LONG)).rejects.toMatchObject({
        code: 'host-key-unknown',
        hint: expect.stringContaining('lanekeeper trust pve1'),
      })
      const seen = await scanHostKey('pve1', access, keys)
      expect(seen).toMatchObject({ name: where, key })
      await keys.pin(seen.name, seen.key)
    }
    expect((await transport.run('pve1', 'true', LONG)).code).toBe(0)
    await transport.close()
  })

  test('troubles name the host they are about', async () => {
    const { access, name, jumpKey, nodeKey, inner, outer } = await rig()
    const hostKeys = pinned({ [name]: jumpKey, pve1: nodeKey })
    const run = (node: NodeAccess) => createSshTransport({ nodes: { pve1: node }, hostKeys }).run('pve1', 'true', LONG)
    const stranger = { ...access, jump: { host: '127.0.0.1', port: outer.sshd.port, user, keyFile: inner.key } }
    await expect(run(stranger)).rejects.toThrow(/^pve1: jump host 127\.0\.0\.1:\d+: login as .* refused/)
    await inner.sshd.stop()
    await expect(run(access)).rejects.toMatchObject({
      code: 'node-unreachable',
      message: expect.stringContaining('the jump host could not connect to'),
    })
  })
})
