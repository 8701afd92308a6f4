/** How fast a simulated node lives, in milliseconds. */
export interface Pace {
  /** From the reboot until SSH answers again. */
  readonly boot: number
  /** What one second of the guard's deadline, and of `panic=`, lasts. */
  readonly second: number
}
