import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2'
import { onTestFinished } from 'vitest'
import { writeKey } from '../../src/ssh/host-keys.ts'

/** A new key. ssh2 makes a malformed one about once in 750 times (ssh-keygen refuses it, too), so this tries again. */
export const newKey = (): { private: string; public: string } => {
  const pair = generateKeyPairSync('ed25519')
  return parseKey(pair.private) instanceof Error ? newKey() : pair
}

const { generateKeyPairSync, parseKey } = ssh2.utils
const HOST_KEY = newKey()
/** The host key of every fake server, as it is pinned. */
export const FAKE_HOST_KEY = keyOf(HOST_KEY.public)

/** What a fake node does; each has a friendly default. */
export interface Play {
  onLogin?: (context: AuthContext) => void
  /** The script has arrived whole. */
  onScript?: (channel: ServerChannel, script: string, command: string) => void
  /** A command is to be started; default: yes. */
  onStart?: (accept: () => ServerChannel, reject: () => void) => void
  onSession?: (accept: () => void, reject: () => void) => void
}

/** Prints the script back and ends with 0. */
export const echo = (channel: ServerChannel, script: string) => {
  channel.write(script)
  channel.exit(0)
  channel.end()
}

/** An SSH server on loopback that plays a node, well or badly. */
export const fakeServer = async (play: Play = {}) => {
  const seen = { connections: 0, scripts: [] as string[], commands: [] as string[] }
  const open = new Set<Connection>()
  const server = new ssh2.Server({ hostKeys: [HOST_KEY.private], ident: 'fake' }, (client) => {
    seen.connections++
    open.add(client)
    socketOf(client).setNoDelay(true)
    client.on('error', () => undefined)
    client.on('close', () => open.delete(client))
    client.on('authentication', (context) => (play.onLogin ? play.onLogin(context) : context.accept()))
    client.on('session', (accept, reject) => {
      const admit = () => serve(accept(), play, seen)
      play.onSession ? play.onSession(admit, reject) : admit()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    for (const client of open) socketOf(client).destroy()
    server.close()
  }
  onTestFinished(stop)
  return { port: (server.address() as AddressInfo).port, seen, open, stop }
}

/** ssh2 keeps it to itself. */
export const socketOf = (client: Connection) => (client as unknown as { _sock: Socket })._sock

const serve = (session: ssh2.Session, play: Play, seen: { scripts: string[]; commands: string[] }) =>
  session.on('exec', (accept, reject, { command }) => {
    const start = () => {
      const channel = accept()
      seen.commands.push(command)
      const script: Buffer[] = []
      channel.on('data', (chunk: Buffer) => script.push(chunk))
      for (const stream of [channel, channel.stderr]) stream.on('error', () => undefined)
      channel.on('end', () => {
        const text = Buffer.concat(script).toString()
        seen.scripts.push(text)
        ;(play.onScript ?? echo)(channel, text, command)
      })
      return channel
    }
    play.onStart ? play.onStart(start, reject) : start()
  })

function keyOf(text: string): string {
  const key = parseKey(text)
  if (key instanceof Error) throw key
  return writeKey(key.getPublicSSH())
}
