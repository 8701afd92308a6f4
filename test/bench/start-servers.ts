import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Servers } from './servers.ts'

const NODE = join(import.meta.dirname, '../../node_modules/.bin/node')

/** Simulated nodes in a process of their own; moody ones do not answer every script. */
export async function startServers(count: number, moody = '') {
  const folder = mkdtempSync(join(tmpdir(), 'lanekeeper-bench-'))
  const child = spawn(
    NODE,
    [join(import.meta.dirname, 'servers.ts'), String(count), folder, ...(moody ? [moody] : [])],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return {
    folder,
    said: JSON.parse(line) as Servers,
    async close() {
      child.stdin.end()
      await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
