import { readFile } from 'node:fs/promises'
import type { ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'
import { wordsOf } from '../errors.ts'
import { type Hop, troubleAt } from './hop.ts'

/** Reads private keys; an encrypted one is opened once (bcrypt holds up the whole process for 0.3 s) until its file changes. */
export interface KeyRing {
  read(hop: Hop, keyFile: string): Promise<ParsedKey>
}

/** A ring for the life of one transport. */
export const createKeyRing = (): KeyRing => {
  const known = new Map<string, { text: Buffer; passphrase: string | undefined; key: ParsedKey }>()
  return {
    async read(hop, keyFile) {
      const { passphrase } = hop.access
      const text = await readKeyFile(hop, keyFile)
      const last = known.get(keyFile)
      if (last?.text.equals(text) && last.passphrase === passphrase) return last.key
      const key = openKey(hop, keyFile, text)
      known.set(keyFile, { text, passphrase, key })
      return key
    },
  }
}

const readKeyFile = (hop: Hop, keyFile: string) =>
  readFile(keyFile).catch((error: NodeJS.ErrnoException) => {
    const says = error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${error.code})`
    const hint = 'Correct keyFile in the configuration, or make the file readable for the user that runs Lanekeeper.'
    throw refuse(hop, keyFile, says, hint)
  })

const openKey = (hop: Hop, keyFile: string, text: Buffer): ParsedKey => {
  const key = parse(text, hop.access.passphrase || undefined)
  if (key instanceof Error) {
    if (/no passphrase given/i.test(key.message)) {
      const hint = 'Name the environment variable that holds the passphrase in passphraseEnv, or use an agent.'
      throw refuse(hop, keyFile, 'it is encrypted and no passphrase was given', hint)
    }
    if (/passphrase/i.test(key.message))
      throw refuse(
        hop,
        keyFile,
        'the passphrase is wrong',
        'Correct the environment variable that passphraseEnv names.',
      )
    const hint = `Keys as OpenSSH writes them are supported (RSA, ECDSA, Ed25519); ssh-keygen -p -f ${keyFile} rewrites other formats.`
    throw refuse(hop, keyFile, `it is no private key that can be used (${key.message})`, hint)
  }
  if (!key.isPrivateKey()) throw refuse(hop, keyFile, 'it is a public key', 'Name the private one, without .pub.')
  return key
}

const parse = (text: Buffer, passphrase: string | undefined): ParsedKey | Error => {
  try {
    const parsed: ParsedKey | Error | ParsedKey[] = ssh2.utils.parseKey(text, passphrase)
    return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key in it')) : parsed
  } catch (error) {
    return new Error(wordsOf(error))
  }
}

const refuse = (hop: Hop, keyFile: string, says: string, hint: string) =>
  troubleAt(hop, 'login-refused', `key file ${keyFile}: ${says}`, hint)
