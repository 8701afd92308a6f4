import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware } from 'ssh2'
import type { OperatorError } from '../errors.ts'
import { type Hop, troubleAt } from './hop.ts'
import type { KeyRing } from './key-ring.ts'

/** Offers what the configuration names, in order, and can say afterwards what was tried and what the host takes. */
export interface Login {
  readonly handler: AuthHandlerMiddleware
  /** Trouble with the agent is no end: the next way is tried. */
  note(trouble: string): void
  refusal(): OperatorError
}

/** Reads the key before anything is connected, so that a missing file or a wrong passphrase says so. */
export const prepareLogin = async (hop: Hop, keys: KeyRing): Promise<Login> => {
  const { user: username, keyFile, agent } = hop.access
  const ways: { says: string; method: AnyAuthMethod }[] = []
  const notes: string[] = []
  if (keyFile !== undefined)
    ways.push({ says: `key ${keyFile}`, method: { type: 'publickey', username, key: await keys.read(hop, keyFile) } })
  if (typeof agent === 'string') ways.push({ says: `agent ${agent}`, method: { type: 'agent', username, agent } })
  if (agent === true) notes.push('agent: SSH_AUTH_SOCK is not set')

  let accepts: readonly AuthenticationType[] | null = null
  let partial = false
  let next = 0
  return {
    handler: (left, partly, offer) => {
      accepts = left ?? accepts
      partial = partly ?? partial
      // ssh2 takes `false` for "nothing more", which its types do not know
      offer(ways[next++]?.method ?? (false as unknown as AuthenticationType))
    },
    note: (trouble) => notes.push(trouble),
    refusal: () => {
      const tried = ways.slice(0, next).map(({ says }) => says)
      const said = [
        `login as ${username} refused`,
        tried.length > 0 ? `tried ${tried.join(', ')}` : 'there was nothing to try',
        ...notes,
        ...(accepts ? [`the host accepts ${accepts.join(', ')}`] : []),
        ...(partial ? ['it took the first factor and wants a second one, which is not supported'] : []),
      ]
      const hint = `Put the public key into authorized_keys of ${username} on that host, or name another keyFile, agent or user in the configuration.`
      return troubleAt(hop, 'login-refused', said.join('; '), hint)
    },
  }
}
