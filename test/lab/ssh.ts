import { Client } from 'ssh2'

/** Where and as whom to log in. `hostKey` is the node's public key line; any other host is refused. */
export interface Login {
  host: string
  port: number
  user: string
  privateKey: string
  hostKey: string
}

export interface Output {
  stdout: string
  stderr: string
  code: number
}

/** Runs one command on a node over a connection of its own; rejects when there is no connection, or it breaks. */
export function execOver(login: Login, command: string, stdin = ''): Promise<Output> {
  const expected = Buffer.from(login.hostKey.split(' ')[1] ?? '', 'base64')
  return new Promise((resolve, reject) => {
    const client = new Client()
    client.on('ready', () => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error)
        const output: Output = { stdout: '', stderr: '', code: -1 }
        channel.on('data', (data: Buffer) => {
          output.stdout += data
        })
        channel.stderr.on('data', (data: Buffer) => {
          output.stderr += data
        })
        channel.on('exit', (code: number | null) => {
          output.code = code ?? -1
        })
        channel.on('close', () => {
          resolve(output)
          client.end()
        })
        channel.end(stdin)
      })
    })
    client.on('error', reject)
    client.on('close', () => reject(new Error('the connection to the node was closed')))
    client.connect({
      host: login.host,
      port: login.port,
      username: login.user,
      privateKey: login.privateKey,
      readyTimeout: 15_000,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 6,
      hostVerifier: (key: Buffer) => key.equals(expected),
    })
  })
}
