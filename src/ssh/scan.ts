import type { NodeAccess } from './access.ts'
import { routeTo } from './hop.ts'
import { fingerprint, type HostKeys, judgeKey } from './host-keys.ts'
import { createKeyRing } from './key-ring.ts'
import { LIMITS } from './limits.ts'
import { openLink } from './link.ts'
import { type Login, prepareLogin } from './login.ts'

/** A key that a host showed, and the name to pin it under. */
export interface ScannedKey {
  readonly name: string
  readonly type: string
  readonly key: string
  readonly fingerprint: string
}

/**
 * Takes a host's key without logging in there: the key of the first host on the way that is not pinned yet, else the node's own.
 * Behind a new jump host, pin what comes (`name` is not the node's) and scan again.
 */
export const scanHostKey = async (
  node: string,
  access: NodeAccess,
  hostKeys: Pick<HostKeys, 'get'>,
  connectMs = LIMITS.connectMs,
): Promise<ScannedKey> => {
  const keys = createKeyRing()
  const stop = new AbortController()
  const isEnd = (name: string, pinned: string | null) => name === node || pinned === null
  try {
    const link = await openLink(routeTo(node, access), {
      hostKeys,
      login: async (hop) => (isEnd(hop.name, await hostKeys.get(hop.name)) ? NO_LOGIN : prepareLogin(hop, keys)),
      judge: (hop, pinned, shown) =>
        isEnd(hop.name, pinned) ? new Shown(hop.name, shown) : judgeKey(hop, pinned, shown),
      limits: { ...LIMITS, connectMs },
      signal: stop.signal,
    })
    link.close('scanned')
  } catch (error) {
    if (!(error instanceof Shown)) throw error
    const { at, key } = error
    return { name: at, type: key.split(' ')[0] ?? '', key, fingerprint: fingerprint(key) }
  }
  throw new Error(`${node}: logged in without a look at the host key`)
}

/** Ends a handshake at the sight of the key. */
class Shown extends Error {
  readonly at: string
  readonly key: string
  constructor(at: string, key: string) {
    super('host key seen')
    this.at = at
    this.key = key
  }
}

const NO_LOGIN: Login = {
  handler: (_left, _partly, offer) => offer(false as never),
  note: () => undefined,
  refusal: () => {
    throw new Error('a scan does not log in')
  },
}
