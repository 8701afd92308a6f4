import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { cacheFolder } from './cache.ts'
import { run } from './run.ts'

/** Where running nodes keep their scratch disks and serial logs. */
export async function runsFolder(): Promise<string> {
  const folder = join(cacheFolder, 'runs')
  await mkdir(folder, { recursive: true })
  return folder
}

/** A throw-away disk over another one. It bears the id of this process, so that whoever comes next removes what a dead one left. */
export async function scratchOver(disk: string): Promise<{ disk: string; remove(): Promise<void> }> {
  const folder = await runsFolder()
  for (const file of await readdir(folder)) {
    const owner = /^scratch-(\d+)-/.exec(file)?.[1]
    if (owner && !isAlive(Number(owner))) await rm(join(folder, file), { force: true })
  }
  const scratch = join(folder, `scratch-${process.pid}-${Date.now()}.qcow2`)
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', disk, scratch])
  const files = [scratch, `${scratch}.fd`]
  return { disk: scratch, remove: async () => void (await Promise.all(files.map((file) => rm(file, { force: true })))) }
}

/**
 * A TCP port of this machine that nobody uses now; none of those that outgoing connections are given (32768 and above), since
 * a machine lets go of it while it restarts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(randomInt(20_000, 32_000), '127.0.0.1')
    const port = await once(server, 'listening').then(
      () => (server.address() as AddressInfo).port,
      () => undefined,
    )
    server.close()
    if (port !== undefined) return port
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
