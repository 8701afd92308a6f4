import type { Gate } from '../changes/gate.ts'
import { isOpen } from '../changes/windows.ts'

/** The policy's own times; without any it is always open. */
export const maintenanceWindow: Gate = {
  id: 'maintenance-window',
  inPlace: false,
  closed: ({ policy: { windows, timeZone }, now }) =>
    isOpen(windows, timeZone, now)
      ? null
      : {
          because: `it is outside of the maintenance windows (${windows.join(', ')}; ${timeZone})`,
          opens: 'ask again in one of them, or have the policy changed',
        },
}
