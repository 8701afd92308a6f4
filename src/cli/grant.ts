import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { nodeNamed } from '../chat/words.ts'
import type { Config } from '../config.ts'
import { OperatorError } from '../errors.ts'
import { installerScript } from '../grant/installer.ts'

/** Makes the two keys of a node and the script that lets them in there, and says what to do with them. Keys that are there stay. */
export async function grant(config: Config, typed: string, say: (line: string) => void): Promise<void> {
  if (config.demo)
    throw new OperatorError(
      'usage',
      'without a configuration the nodes are simulated: there is nobody to grant anything',
      {
        hint: 'write a lanekeeper.yaml first: lanekeeper init',
      },
    )
  const known = Object.keys(config.nodes).map((name) => ({ name, about: '', simulated: false, labels: [] }))
  const { name } = nodeNamed(known, typed)
  const access = config.nodes[name]
  if (!access) throw new OperatorError('node-unknown', `there is no node ${name}`)
  const { user, host, port } = access
  const folder = join(config.data, 'keys')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const [look, change] = [await keyPair(join(folder, `${name}-look`)), await keyPair(join(folder, `${name}-change`))]
  const script = join(folder, `${name}-grant.sh`)
  await writeFile(script, installerScript({ user, look: look.public, change: change.public }), { mode: 0o600 })
  say(`Two keys for ${name} are in ${folder}, and a script that lets them in there.`)
  say('')
  say(`1. Read ${script}. Then, with the access you have now:`)
  say(`     ssh -p ${port} root@${host} sh -s <${script}`)
  say(`2. In the configuration, at ${name}, in the place of key: or agent:`)
  say(`     ${name}: { host: ${host}, user: ${user}, key: ${look.file}, changeKey: ${change.file} }`)
  if (user !== 'root') say('   with sudo: true, which the change key needs; the looking key brings its own.')
  say('3. lanekeeper doctor tells whether both are let in.')
  say('')
  say(
    'The looking key can start nothing on the node but the collector. The other one is not even read before an approval.',
  )
  say(
    `After an update of lanekeeper: grant again, for a collector that knows the new probes. To take it back: sh -s remove <${script}`,
  )
}

interface KeyPair {
  readonly file: string
  /** `ssh-ed25519 AAAA…` */
  readonly public: string
}

/** An ed25519 key pair without a passphrase, readable by nobody else; made when it is not there yet. */
async function keyPair(file: string): Promise<KeyPair> {
  const there = await readFile(`${file}.pub`, 'utf8').catch(() => null)
  if (there !== null) return { file, public: there.trim().split(' ').slice(0, 2).join(' ') }
  const keys = ssh2.utils.generateKeyPairSync('ed25519')
  await writeFile(file, keys.private, { mode: 0o600 })
  await chmod(file, 0o600)
  await writeFile(`${file}.pub`, `${keys.public.trim()}\n`)
  return { file, public: keys.public.trim().split(' ').slice(0, 2).join(' ') }
}
