import type { SshLimits } from '../../src/ssh/limits.ts'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'
import type { Servers } from './servers.ts'

/** The servers that stand on standard input, as JSON, and a transport that knows and trusts them. */
export async function serversFromInput(limits: Partial<SshLimits> = {}) {
  const input: Buffer[] = []
  for await (const bytes of process.stdin) input.push(bytes)
  const { keyFile, nodes } = JSON.parse(Buffer.concat(input).toString()) as Servers
  const keys = new Map(nodes.map(({ name, hostKey }) => [name, hostKey]))
  const transport = createSshTransport({
    nodes: Object.fromEntries(
      nodes.map(({ name, port }) => [name, { host: '127.0.0.1', port, user: 'root', keyFile, sudo: false }]),
    ),
    hostKeys: { get: async (name) => keys.get(name) ?? null, pin: async () => undefined },
    limits,
  })
  return { nodes, transport }
}
