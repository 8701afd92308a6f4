import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from './cache.ts'
import type { Image } from './image.ts'
import { powerOn } from './power.ts'
import { type Firmware, factoryVariables, type Sabotage, type Vendor } from './qemu.ts'
import { freePort, runsFolder } from './scratch.ts'
import { execOver, type Output } from './ssh.ts'

/** A running lab node. */
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
  /** What trial boots do from the next boot on; undefined: nothing bad. */
  sabotage(what: Sabotage | undefined): void
  /** How far the hardware clock is ahead of UTC from the next boot on, in ms. */
  clockAhead(ms: number): void
  /** Resolves when the machine is off, reboots left aside. */
  off: Promise<void>
  /** Takes the power away. */
  stop(): Promise<void>
}

/** Powers on a machine over an image and waits for SSH. */
export async function boot(
  image: Image,
  how: { firmware: Firmware; vendor: Vendor; sabotage?: Sabotage | undefined },
  log: Log,
): Promise<LabNode> {
  const began = Date.now()
  const port = await freePort()
  const serialLog = join(await runsFolder(), `${new Date(began).toISOString().replaceAll(':', '-')}-${port}.log`)
  const variables = how.firmware === 'uefi' ? `${image.disk}.fd` : undefined
  if (variables) await copyFile(factoryVariables, variables)
  const machine = powerOn({ ...how, disk: image.disk, variables, port, serialLog }, log)
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
    const last = (await readFile(serialLog, 'latin1').catch(() => '')).slice(-1500)
    throw new Error(`no answer within ${seconds} s; see ${serialLog}, which ends with:\n${last}`)
  }
  const node: LabNode = {
    ...{ host: login.host, port, user: 'root', keyFile: image.keyFile, hostKey: image.hostKey, serialLog },
    ...{
      exec,
      bootId,
      waitForSsh,
      powerCycle: machine.reset,
      sabotage: machine.sabotage,
      clockAhead: machine.clockAhead,
      off: machine.off,
      stop: machine.quit,
    },
  }
  try {
    await waitForSsh()
    await exec('systemctl is-system-running --wait')
  } catch (error) {
    await machine.quit()
    throw error
  }
  log(`SSH answers ${((Date.now() - began) / 1000).toFixed(0)} s after power-on, port ${port}`)
  return node
}
