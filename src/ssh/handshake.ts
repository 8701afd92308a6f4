import type { Duplex } from 'node:stream'
import ssh2, { type Client, type ClientErrorExtensions } from 'ssh2'
import type { OperatorError } from '../errors.ts'
import { type Hop, troubleAt } from './hop.ts'
import { type judgeKey, keyOrder, writeKey } from './host-keys.ts'
import type { Login } from './login.ts'

/** What a handshake needs to know of its host. */
export interface Terms {
  readonly hop: Hop
  readonly pinned: string | null
  /** Null to go on, an error to end here. */
  readonly judge: typeof judgeKey
  readonly login: Login
  readonly keepaliveMs: number
  /** Told as the handshake gets on, for the words of a time limit. */
  readonly onPhase: (doing: string) => void
}

/** Speaks SSH over an open stream until the login is done. Nothing but the key exchange happens before the host key is judged. */
export const shakeHands = (
  stream: Duplex,
  { hop, pinned, judge, login, keepaliveMs, onPhase }: Terms,
): Promise<Client> =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    let verdict: Error | null = null
    let doing = ''
    const enter = (phase: string) => {
      doing = phase
      onPhase(phase)
    }
    const fail = (error: Error & ClientErrorExtensions) => reject(verdict ?? explain(hop, login, doing, error))
    // stays for good: ssh2 may emit errors after the login, and an error without a listener ends the process
    client.on('error', (error: Error & ClientErrorExtensions) =>
      error.level === 'agent' ? login.note(`agent: ${error.message}`) : fail(error),
    )
    client.once('close', () => fail(new Error('the host closed the connection')))
    client.once('handshake', () => enter('logging in'))
    client.once('ready', () => resolve(client))
    enter('shaking hands')
    client.connect({
      sock: stream,
      username: hop.access.user,
      authHandler: login.handler,
      algorithms: { serverHostKey: keyOrder(pinned) },
      hostVerifier: (blob: Buffer) => {
        verdict = judge(hop, pinned, writeKey(blob))
        return verdict === null
      },
      readyTimeout: 0,
      keepaliveInterval: keepaliveMs,
      keepaliveCountMax: 3,
    })
  })

/** A handshake's end in words. */
const explain = (hop: Hop, login: Login, doing: string, error: Error & ClientErrorExtensions): OperatorError => {
  if (error.level === 'client-authentication' || /too many authentication failures/i.test(error.message))
    return login.refusal()
  const says = `the connection ended while ${doing} (${error.message})`
  const hint =
    'Check that an SSH server listens on that port, and its log: sshd may be overloaded (MaxStartups) or block this address (fail2ban).'
  return troubleAt(hop, 'node-unreachable', says, hint, error)
}
