import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { tool } from '../tool.ts'

const SSHD = '/usr/sbin/sshd'

/** Why no real sshd can be started here; null when it can. */
export const noSshd = (): string | null => {
  if (!tool('sshd', 'openssh-server')) return 'sshd is not installed'
  return userInfo().uid === 0 ? null : 'sshd is only started as root'
}

/** A folder for keys and configurations, gone after the test. */
export const workshop = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'lanekeeper-sshd-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Makes a key pair with ssh-keygen; answers with the file of the private one. */
export const makeKey = (home: string, name: string, passphrase = '', type = 'ed25519'): string => {
  const file = join(home, name)
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', '', '-f', file])
  return file
}

export const publicKey = (file: string): string =>
  readFileSync(`${file}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ')

/** A real sshd on loopback that lets in who has one of the keys. Shells start in an empty home, with `path` as PATH. */
export const startSshd = async (
  home: string,
  allowed: readonly string[],
  hostKeys: readonly string[],
  path = '/usr/bin:/bin',
  /** What stands before each key in authorized_keys. */
  options = '',
) => {
  mkdirSync('/run/sshd', { recursive: true })
  const port = await freePort()
  const files = { config: join(home, `sshd-${port}`), keys: join(home, `keys-${port}`), log: join(home, `log-${port}`) }
  writeFileSync(files.keys, `${allowed.map((file) => `${options} ${publicKey(file)}`.trim()).join('\n')}\n`, {
    mode: 0o600,
  })
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((file) => `HostKey ${file}`),
    `AuthorizedKeysFile ${files.keys}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    `SetEnv HOME=${home} PATH=${path}`,
  ]
  writeFileSync(files.config, `${lines.join('\n')}\n`)
  const sshd = spawn(SSHD, ['-D', '-f', files.config, '-E', files.log], { stdio: 'inherit' })
  const ended = once(sshd, 'exit')
  const stop = async () => {
    sshd.kill()
    await ended
  }
  onTestFinished(stop)
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100) throw new Error(`sshd does not start: ${readFileSync(files.log, 'utf8')}`)
    await sleep(20)
  }
  return { port, stop, log: () => readFileSync(files.log, 'utf8') }
}

export const user = userInfo().username

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    const end = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('data', () => end(true)).once('error', () => end(false))
  })
