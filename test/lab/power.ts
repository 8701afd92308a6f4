import { copyFile, readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from './cache.ts'
import { type Hardware, nodeArguments, type Qemu, runQemu, type Sabotage } from './qemu.ts'

/** A machine that is on. */
export interface PoweredOn {
  /** Resolves when it is off for good. */
  off: Promise<void>
  /** The reset button. */
  reset(): void
  /** What trial boots do from the next power-on or reset on; undefined: nothing bad. */
  sabotage(what: Sabotage | undefined): void
  /** How far the hardware clock is ahead of UTC from the next power-on or reset on, in ms; 0 at first. */
  clockAhead(ms: number): void
  /** Takes the power away, disk written. */
  quit(): Promise<void>
}

/** Seconds without a word on the serial line after which an emulator whose guest did not say that it is up is taken for hung. */
const SILENCE = 90

/**
 * Powers on a machine and keeps it on across reboots. Each boot is a QEMU of its own: after a reset within one process
 * GRUB needs up to a minute to load the kernel, since every write to memory that once held code is slow there.
 * A boot in which the emulator hangs or crashes (some in a hundred) never was: the disk is put back to what it was before, and
 * the machine is started again.
 */
export function powerOn(hardware: Omit<Hardware, 'clock'>, log: Log): PoweredOn {
  let { sabotage } = hardware
  let ahead = 0
  const kept = [hardware.disk, ...(hardware.variables ? [hardware.variables] : [])]
  const copy = (file: string) => `${file}.before`
  let pressed = false
  let quitting = false
  let current: Qemu | undefined
  const off = untilOff().finally(() => Promise.all(kept.map((file) => rm(copy(file), { force: true }))))
  off.catch(() => {})

  async function untilOff(): Promise<void> {
    for (let lost = 0; !quitting; ) {
      for (const file of kept) await copyFile(file, copy(file))
      if (quitting) return
      pressed = false
      current = runQemu(nodeArguments({ ...hardware, sabotage, clock: new Date(Date.now() + ahead) }))
      const how = await outcome(current, hardware.serialLog, log)
      lost = how === 'lost' ? lost + 1 : 0
      if (lost > 3) throw new Error(`the emulator did not come up ${lost} times; see ${hardware.serialLog}`)
      if (how === 'lost') {
        current.kill()
        await current.ended.catch(() => {})
        for (const file of kept) await copyFile(copy(file), file)
      } else if (how === 'off' && !pressed) return
    }
  }

  return {
    off,
    reset: () => {
      pressed = true
      current?.quit()
    },
    sabotage: (what) => {
      sabotage = what
    },
    clockAhead: (ms) => {
      ahead = ms
    },
    quit: () => {
      quitting = true
      current?.quit()
      return off
    },
  }
}

/** How a boot ends; `lost`: the emulator hung or crashed before the guest said that it is up, or that it hangs as it was ordered to. */
async function outcome(machine: Qemu, serialLog: string, log: Log): Promise<'lost' | 'reset' | 'off'> {
  const began = await sizeOf(serialLog)
  const ended = machine.ended.catch((error: Error) => {
    log(`the emulator crashes: that boot is done over (${error.message})`)
    return 'lost' as const
  })
  for (let size = began, silent = 0; silent < SILENCE; silent++) {
    const how = await Promise.race([ended, sleep(1000)])
    if (how) return how
    const now = await sizeOf(serialLog)
    if (now === size) continue
    size = now
    silent = 0
    if (/lab: (is up|hangs)/.test((await readFile(serialLog, 'latin1')).slice(began))) return machine.ended
  }
  const registers = await Promise.race([machine.ask('info registers -a'), sleep(5000, 'its monitor as well')])
  log(`the emulator hangs: that boot is done over (${registers})`)
  return 'lost'
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )
