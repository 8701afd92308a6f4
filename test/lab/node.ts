import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheFolder, type Log } from './cache.ts'
import { baseImage, type Image } from './image.ts'
import { layered, type Variant } from './layers.ts'
import { type Firmware, powerOn, type Sabotage } from './qemu.ts'
import { execOver, type Output } from './ssh.ts'

/** Which node a journey wants. Everything has a default: BIOS, no reserved region, the kernel GRUB sorts first, `quiet`. */
export interface LabOptions extends Partial<Variant> {
  /** Makes trial boots (and no others) come up without network, or not find their root. */
  sabotage?: Sabotage
  log?: Log
}

/** A running lab node. Its disk is thrown away when it stops. */
export interface LabNode {
  host: string
  port: number
  user: string
  keyFile: string
  /** The host's public key line, `ssh-ed25519 AAAA…`. */
  hostKey: string
  serialLog: string
  /** Runs a shell command as root, or as `lk` or `nosudo`. */
  exec(command: string, options?: { user?: string; stdin?: string }): Promise<Output>
  bootId(): Promise<string>
  /** Waits until the node answers, and then for a boot other than `notBoot` when given; returns the boot id. */
  waitForSsh(options?: { notBoot?: string; seconds?: number }): Promise<string>
  /** Presses the reset button. */
  powerCycle(): void
  /** Pulls the plug, disk written; `stop` gives the disk up. */
  switchOff(): Promise<void>
  /** Resolves when the machine is off. */
  off: Promise<void>
  stop(): Promise<void>
}

/** Starts a lab node and returns when it answers SSH. The first call for a kind of node builds what it stands on. */
export async function startLabNode(options: LabOptions = {}): Promise<LabNode> {
  const { sabotage, log = () => {}, ...wanted } = options
  const variant: Variant = { firmware: 'bios', rmrr: false, ...wanted }
  const image = await layered(await baseImage(log), variant, log)
  return boot(image, { keep: false, firmware: variant.firmware, sabotage }, log)
}

/** Powers on a machine over an image and waits for SSH. */
export async function boot(
  image: Image,
  how: { keep: boolean; firmware: Firmware; sabotage?: Sabotage | undefined },
  log: Log,
): Promise<LabNode> {
  const began = Date.now()
  const port = await freePort()
  const runs = join(cacheFolder, 'runs')
  await mkdir(runs, { recursive: true })
  const serialLog = join(runs, `${new Date(began).toISOString().replaceAll(':', '-')}-${port}.log`)
  const machine = powerOn({ disk: image.disk, ...how, port, serialLog })
  const login = { host: '127.0.0.1', port, privateKey: await readFile(image.keyFile, 'utf8'), hostKey: image.hostKey }

  const exec: LabNode['exec'] = (command, { user = 'root', stdin } = {}) => execOver({ ...login, user }, command, stdin)
  const bootId = async () => (await exec('cat /proc/sys/kernel/random/boot_id')).stdout.trim()
  const waitForSsh: LabNode['waitForSsh'] = async ({ notBoot, seconds = 300 } = {}) => {
    const deadline = Date.now() + seconds * 1000
    const over = machine.off.then(() => 'off')
    while (Date.now() < deadline) {
      const answer = await Promise.race([over, bootId().catch(() => '')])
      if (answer === 'off') throw new Error(`the machine went off; see ${serialLog}`)
      if (answer && answer !== notBoot) return answer
      await sleep(500)
    }
    throw new Error(`no answer within ${seconds} s; see ${serialLog}`)
  }
  const node: LabNode = {
    ...{ host: login.host, port, user: 'root', keyFile: image.keyFile, hostKey: image.hostKey, serialLog },
    ...{
      exec,
      bootId,
      waitForSsh,
      powerCycle: machine.reset,
      switchOff: machine.quit,
      off: machine.off,
      stop: machine.kill,
    },
  }
  try {
    await waitForSsh()
  } catch (error) {
    await machine.kill()
    throw error
  }
  log(`SSH answers ${((Date.now() - began) / 1000).toFixed(0)} s after power-on, port ${port}`)
  return node
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
