import { describe, expect, test } from 'vitest'
import { NodeAccess, withEnvironment } from '../../src/ssh/access.ts'
import { fingerprint, isKey, keyOrder } from '../../src/ssh/host-keys.ts'
import { FAKE_HOST_KEY } from './fake-server.ts'

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'

describe('host keys', () => {
  test('the fingerprint is what ssh-keygen -lf prints', () => {
    expect(fingerprint(ED25519)).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU')
  })

  test.each([
    [FAKE_HOST_KEY, true],
    [ED25519, true],
    [`${ED25519} comment`, false],
    [ED25519.replace('ssh-ed25519', 'ssh-rsa'), false],
    ['ssh-ed25519', false],
    ['', false],
  ])('%s is a key: %s', (key, yes) => expect(isKey(key)).toBe(yes))

  test('the pinned type is asked for first, and none is left out', () => {
    expect(keyOrder(null)[0]).toBe('ssh-ed25519')
    expect(keyOrder('ssh-rsa AAAA').slice(0, 2)).toEqual(['rsa-sha2-512', 'rsa-sha2-256'])
    expect(keyOrder('ecdsa-sha2-nistp384 AAAA')[0]).toBe('ecdsa-sha2-nistp384')
    for (const key of ['ssh-rsa AAAA', 'ssh-dss AAAA', ED25519]) expect(keyOrder(key)).toHaveLength(6)
  })
})

describe('the way to a node, in the configuration', () => {
  test('defaults', () => {
    expect(NodeAccess.parse({ host: 'pve1', keyFile: '/k' })).toEqual({
      host: 'pve1',
      port: 22,
      user: 'root',
      keyFile: '/k',
      sudo: false,
    })
  })

  test.each([
    [{ host: 'pve1' }, 'give keyFile or agent'],
    [{ host: 'pve1', password: 'x' }, 'password'],
    [{ host: 'pve1', keyFile: 'k', jump: { host: 'gate' } }, 'give keyFile or agent'],
    [{ host: '', keyFile: 'k' }, 'host'],
    [{ host: 'pve1', keyFile: 'k', port: 70000 }, 'port'],
  ])('%j is refused', (access, says) => {
    const { error } = NodeAccess.safeParse(access)
    expect(error?.message).toContain(says)
  })

  test('the environment gives passphrase, agent and home, for the jump host, too', () => {
    const login = { host: 'h', keyFile: '~/.ssh/id', passphraseEnv: 'P', agent: true }
    const full = withEnvironment(NodeAccess.parse({ ...login, jump: login }), { P: 'secret', SSH_AUTH_SOCK: '/a' })
    for (const access of [full, full.jump])
      expect(access).toMatchObject({
        passphrase: 'secret',
        agent: '/a',
        keyFile: expect.stringMatching(/^\/.*\/\.ssh\/id$/),
      })
  })
})
