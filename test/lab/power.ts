import { type Hardware, nodeArguments, runQemu } from './qemu.ts'

/** A machine that is on. */
export interface PoweredOn {
  /** Resolves when it is off for good. */
  off: Promise<void>
  /** The reset button. */
  reset(): void
  /** Takes the power away, disk written. */
  quit(): Promise<void>
}

/**
 * Powers on a machine and keeps it on across reboots. Each boot is a QEMU of its own: after a reset within one process
 * GRUB needs up to a minute to load the kernel, since every write to memory that once held code is slow there.
 */
export function powerOn(hardware: Hardware): PoweredOn {
  const args = nodeArguments(hardware)
  let pressed = false
  let current = runQemu(args)
  const off = untilOff()
  off.catch(() => {})

  async function untilOff(): Promise<void> {
    while ((await current.ended) === 'reset' || pressed) {
      pressed = false
      current = runQemu(args)
    }
  }

  return {
    off,
    reset: () => {
      pressed = true
      current.quit()
    },
    quit: () => {
      current.quit()
      return off
    },
  }
}
