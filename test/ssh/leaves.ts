import { NodeAccess } from '../../src/ssh/access.ts'
import { createSshTransport } from '../../src/ssh/ssh-transport.ts'

/** Runs something, closes while something else hangs, and must then end by itself. */
const [port, keyFile, hostKey = ''] = process.argv.slice(2)
const access = NodeAccess.parse({ host: '127.0.0.1', port: Number(port), keyFile })
const hostKeys = { get: async () => hostKey, pin: async () => undefined }
const transport = createSshTransport({ nodes: { pve1: access }, hostKeys })
const limits = { timeoutMs: 60_000, maxBytes: 1000 }
console.log((await transport.run('pve1', 'ends', limits)).code)
const hanging = transport.run('pve1', 'hangs', limits).catch(({ code }) => console.log(code))
setTimeout(() => transport.close(), 200)
await hanging
