import { onTestFinished } from 'vitest'
import { NodeAccess, withEnvironment } from '../../src/ssh/access.ts'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'
import { pinned } from './rig.ts'
import { makeKey, noSshd, publicKey, startSshd, user, workshop } from './sshd.ts'

/** Why nothing can be tried against a real sshd; null when it can. */
export const missing = noSshd()
if (missing) console.warn(`SKIPPED: nothing was tried against a real sshd: ${missing}`)

/** A node behind a real sshd, and transports that know its key. */
export const realNode = async ({ path = '/usr/bin:/bin', access = {}, env = {}, hostKeyTypes = ['ed25519'] } = {}) => {
  const home = workshop()
  const key = makeKey(home, 'key')
  const hostKeys = hostKeyTypes.map((type) => makeKey(home, `host-${type}`, '', type))
  const sshd = await startSshd(home, [key], hostKeys, path)
  const keys = pinned({ pve1: publicKey(hostKeys[0] ?? '') })
  const node = (more: object = access) =>
    withEnvironment(NodeAccess.parse({ host: '127.0.0.1', port: sshd.port, user, keyFile: key, ...more }), env)
  const connect = (more?: object) => {
    const transport = createSshTransport({ nodes: { pve1: node(more) }, hostKeys: keys })
    onTestFinished(() => transport.close())
    return transport
  }
  return { home, key, hostKeys, sshd, keys, node, connect }
}
