import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Output, Transport } from '../../src/ssh/transport.ts'

interface Way {
  readonly shell?: readonly [string, ...string[]]
  readonly env?: NodeJS.ProcessEnv
  /** Changes the script on its way, to make this machine look like another. */
  readonly rewrite?: (script: string) => string
}

/** A transport that feeds the script to a shell on this machine, as `ssh <node> sh` would; `runs` counts. */
export function localNode({ shell = ['dash'], env = process.env, rewrite = (script) => script }: Way = {}) {
  const scripts: string[] = []
  const transport: Transport = {
    run: (_node, script) =>
      new Promise<Output>((resolve, reject) => {
        scripts.push(script)
        const child = spawn(shell[0], shell.slice(1), { env })
        const stdout: Buffer[] = []
        let stderr = ''
        child.stdout.on('data', (bytes) => stdout.push(bytes))
        child.stderr.on('data', (bytes) => {
          stderr += bytes
        })
        child.on('error', reject)
        child.on('close', (code) => resolve({ stdout: Buffer.concat(stdout), stderr, code: code ?? -1 }))
        child.stdin.on('error', () => {})
        child.stdin.end(rewrite(script))
      }),
    close: async () => {},
  }
  return { transport, scripts }
}

/** A transport that answers with these bytes. */
export const answering = (answer: (script: string) => Buffer | string): Transport => ({
  run: async (_node, script) => ({ stdout: Buffer.from(answer(script)), stderr: '', code: 0 }),
  close: async () => {},
})

interface FakeFiles {
  readonly [path: string]: string | Buffer | { readonly link: string }
}

/** A file tree in the place of /sys, /proc, /etc, /boot, /run, /var; `bin/…` are programs that come first. */
export function fakeRoot(files: FakeFiles) {
  const root = mkdtempSync(join(tmpdir(), 'node-'))
  for (const folder of ['sys', 'proc', 'etc', 'boot', 'run', 'var', 'bin']) mkdirSync(join(root, folder))
  const all: FakeFiles = { 'proc/uptime': '100.00 200.00\n', 'proc/swaps': '', 'proc/locks': '', ...files }
  for (const [path, content] of Object.entries(all)) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, file)
    else writeFileSync(file, content)
    if (path.startsWith('bin/')) chmodSync(file, 0o755)
  }
  const rewrite = (script: string): string =>
    script
      .replaceAll(/(?<![\w.@$}*])\/(sys|etc|proc|boot|run|var|usr\/share|usr\/bin\/pveversion)\b/g, `${root}/$1`)
      .replaceAll('PATH=/usr/sbin', `PATH=${root}/bin:/usr/sbin`)
  return { root, rewrite }
}
