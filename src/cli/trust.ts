import { createInterface } from 'node:readline/promises'
import { nodeNamed } from '../chat/words.ts'
import type { Config } from '../config.ts'
import { OperatorError } from '../errors.ts'
import type { HostKeys } from '../ssh/host-keys.ts'
import { type ScannedKey, scanHostKey } from '../ssh/scan.ts'

interface Asking {
  readonly yes: boolean
  readonly say: (line: string) => void
  readonly ask: (question: string) => Promise<boolean>
}

/** Shows the fingerprint of every host on the way to a node that is not pinned yet, asks, and pins. */
export async function trust(
  config: Config,
  typed: string,
  hostKeys: HostKeys,
  { yes, say, ask }: Asking,
): Promise<void> {
  if (config.demo)
    throw new OperatorError('usage', 'without a configuration the nodes are simulated: there is no key to trust')
  const known = Object.keys(config.nodes).map((name) => ({ name, about: '', simulated: false, labels: [] }))
  const { name: node } = nodeNamed(known, typed)
  const access = config.nodes[node]
  for (let shown: ScannedKey | undefined; access && shown?.name !== node; ) {
    shown = await scanHostKey(node, access, hostKeys)
    const pinned = await hostKeys.get(shown.name)
    say(`${shown.name} shows ${shown.type} ${shown.fingerprint}`)
    if (pinned === shown.key) {
      say('That key is pinned already.')
      continue
    }
    if (pinned !== null)
      say('WARNING: another key is pinned. Either the host was installed anew, or somebody stands in between.')
    say(`Compare with what the host's own console prints: ssh-keygen -lf ${keyFileOf(shown.type)}`)
    if (!yes && !(await ask('Is it the same? Pin it? [y/N] '))) throw new OperatorError('usage', 'nothing was pinned')
    await hostKeys.pin(shown.name, shown.key)
    say(`Pinned for ${shown.name}.`)
  }
}

/** Where sshd keeps the public key of this type. */
const keyFileOf = (type: string): string => `/etc/ssh/ssh_host_${/ed25519|ecdsa|rsa/.exec(type)?.[0] ?? '*'}_key.pub`

/** Asks at the terminal; without one the answer has to be given beforehand. */
export async function askAtTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new OperatorError('usage', 'nobody can be asked here', {
      hint: 'check the fingerprint yourself, then: --yes',
    })
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim())
  } finally {
    lines.close()
  }
}
