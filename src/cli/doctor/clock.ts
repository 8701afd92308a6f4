import { amiss, type Check, well } from '../../../adapters/check.ts'

/** How far two clocks may be apart, in seconds. */
const MOST_SECONDS = 30

/**
 * How many seconds the clock of a node is ahead of this machine's (negative: behind); 0 while it lies within the span in which
 * it was read. `system` is in whole seconds since 1970, cut off; `before` and `after` in milliseconds.
 */
export function clockDrift(system: number, { before, after }: { before: number; after: number }): number {
  const ahead = system - after / 1000
  const behind = system + 1 - before / 1000
  return Math.round(ahead > 0 ? ahead : behind < 0 ? behind : 0)
}

/** A node's clock held against this machine's; `system` null = it could not be read. */
export function checkClock(node: string, system: number | null, span: { before: number; after: number }): Check {
  if (system === null) return amiss(`${node}: its clock could not be read`, 'type `date` there')
  const drift = clockDrift(system, span)
  if (Math.abs(drift) <= MOST_SECONDS) return well(`${node}: its clock agrees with this machine's`)
  return amiss(
    `${node}: its clock is ${Math.abs(drift)} s ${drift > 0 ? 'ahead of' : 'behind'} this machine's`,
    'see with `timedatectl` on both which one is wrong, and that chrony or another NTP client runs there',
  )
}
