import { createHash } from 'node:crypto'
import type { ServerHostKeyAlgorithm } from 'ssh2'
import { type Hop, troubleAt } from './hop.ts'

/** Where the keys of the hosts are pinned, by name, as OpenSSH writes them: `type base64`. */
export interface HostKeys {
  get(name: string): Promise<string | null>
  pin(name: string, key: string): Promise<void>
}

/** The key as OpenSSH writes it, from the bytes a server shows. */
export const writeKey = (blob: Buffer): string => `${typeOf(blob)} ${blob.toString('base64')}`

/** True for `type base64` where the bytes are of that type. */
export const isKey = (key: string): boolean => {
  const [type, base64, ...rest] = key.split(' ')
  const blob = Buffer.from(base64 ?? '', 'base64')
  return rest.length === 0 && blob.length > 8 && type === typeOf(blob) && blob.toString('base64') === base64
}

/** What `ssh-keygen -lf` prints for the key. */
export const fingerprint = (key: string): string => {
  const sum = createHash('sha256').update(key.split(' ')[1] ?? '', 'base64')
  return `SHA256:${sum.digest('base64').replace(/=+$/, '')}`
}

/** Null when the shown key is the pinned one, else the error to stop with. */
export const judgeKey = (hop: Hop, pinned: string | null, shown: string): Error | null => {
  if (shown === pinned) return null
  const seen = `${fingerprint(shown)} (${shown.split(' ')[0]})`
  if (pinned === null)
    return troubleAt(
      hop,
      'host-key-unknown',
      `its host key ${seen} is not known yet, so nothing was run`,
      `Compare the fingerprint with the one on the host's own console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: lanekeeper trust ${hop.node}`,
    )
  return troubleAt(
    hop,
    'host-key-changed',
    `its host key is ${seen}, but ${fingerprint(pinned)} (${pinned.split(' ')[0]}) is pinned, so nothing was run`,
    `Either the host was installed anew or somebody stands in between. Compare the fingerprint on the host's own console; only if it is right: lanekeeper trust ${hop.node}`,
  )
}

/** The pinned type first, so that a server with several keys shows that one; the others stay, to see a change as such. */
export const keyOrder = (pinned: string | null): ServerHostKeyAlgorithm[] => {
  const type = pinned?.split(' ')[0]
  const first = ALGORITHMS.filter((algorithm) => (type === 'ssh-rsa' ? /rsa/.test(algorithm) : algorithm === type))
  return [...first, ...ALGORITHMS.filter((algorithm) => !first.includes(algorithm))]
}

const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

const typeOf = (blob: Buffer) => blob.toString('latin1', 4, 4 + (blob.length > 4 ? blob.readUInt32BE(0) : 0))
