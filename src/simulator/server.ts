import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import ssh2, { type Client, type Connection, type ServerChannel } from 'ssh2'
import { writeFrames } from '../facts/frames.ts'
import { FOLLOW_MARK } from '../fleet/task-index.ts'
import { answerActs } from './acts.ts'
import type { SimulatedNode } from './node.ts'
import { probeTexts } from './probe-texts.ts'
import { followTasks } from './tasks.ts'

export interface NodeServer {
  readonly port: number
  /** The host key as OpenSSH writes it: `type base64`. */
  readonly hostKey: string
  /** Runs since the start: how often a script was executed. */
  readonly runs: number
  /** Connections that are open now. */
  readonly connections: number
  close(): Promise<void>
}

/** Lets a simulated node answer over real SSH on loopback, for the one client key it trusts. */
export async function serveNode(node: SimulatedNode, trusted: string): Promise<NodeServer> {
  const keys = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
  const allowed = ssh2.utils.parseKey(trusted)
  if (allowed instanceof Error) throw allowed
  const open = new Set<Connection>()
  let runs = 0
  const cut = setInterval(() => {
    if (!node.reachable) for (const connection of open) connection.end()
  }, 20)
  cut.unref()

  const server = new ssh2.Server({ hostKeys: [keys.private] }, (connection) => {
    withoutDelay(connection)
    open.add(connection)
    connection.on('close', () => open.delete(connection)).on('error', () => open.delete(connection))
    if (!node.reachable) {
      connection.end()
      return
    }
    connection.on('authentication', (context) => {
      const ours = context.method === 'publickey' && context.key.data.equals(allowed.getPublicSSH())
      const signed =
        ours &&
        context.method === 'publickey' &&
        (!context.signature ||
          (context.blob && allowed.verify(context.blob, context.signature, context.hashAlgo) === true))
      if (signed) context.accept()
      else context.reject(['publickey'])
    })
    connection.on('session', (acceptSession) => {
      acceptSession().on('exec', (acceptExec) => {
        // Out of reach since a moment ago: the connection is not cut yet, and nothing comes through all the same.
        if (!node.reachable) {
          connection.end()
          return
        }
        runs += 1
        const mood = node.mood()
        if (mood === 'drops') return void connection.end()
        const channel = acceptExec()
        if (mood === 'hangs') return
        if (mood === 'floods') return flood(channel)
        const script: Buffer[] = []
        let followed = false
        channel.on('data', (bytes: Buffer) => {
          script.push(bytes)
          if (followed || !Buffer.concat(script).toString('utf8').startsWith(FOLLOW_MARK)) return
          followed = true
          followTasks(node, channel)
        })
        channel.on('end', () => !followed && answer(channel, Buffer.concat(script).toString('utf8')))
      })
    })
  })

  const answer = (channel: ServerChannel, script: string) => {
    const [, nonce, names] = /^# lanekeeper probes (\S+) (.*)$/m.exec(script) ?? []
    const before = node.bootId
    const bytes = nonce && names ? framesOf(node, nonce, names.split(' ')) : Buffer.from(answerActs(node, script))
    // A node that is going down takes its connections along only after it has said so.
    channel.write(bytes, () => {
      if (node.bootId !== before && !node.reachable) return
      channel.exit(0)
      channel.end()
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    hostKey: keys.public.trim().split(' ').slice(0, 2).join(' '),
    get connections() {
      return open.size
    },
    get runs() {
      return runs
    },
    async close() {
      clearInterval(cut)
      for (const connection of open) connection.end()
      server.close()
      node.stop()
    },
  }
}

/** Small packets go out at once: an answer would wait 40 ms for an acknowledgement otherwise. The published types leave this out. */
const withoutDelay = (connection: Connection): void => {
  const socket = connection as Connection & Pick<Client, 'setNoDelay'>
  socket.setNoDelay(true)
}

/** Prints until nobody takes it any more. */
function flood(channel: ServerChannel): void {
  const bytes = Buffer.alloc(64 * 1024, 'x')
  const pour = () => {
    while (channel.writable && channel.write(bytes));
  }
  channel.on('drain', pour)
  pour()
}

function framesOf(node: SimulatedNode, nonce: string, names: readonly string[]): Buffer {
  const texts = probeTexts(node)
  return writeFrames(
    nonce,
    names.map((name) => ({
      name,
      bytes: Buffer.from(texts[name] ?? ''),
      exit: texts[name] === undefined ? 127 : 0,
      ms: 1,
    })),
  )
}
