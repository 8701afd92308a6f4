import type { Gate } from '../changes/gate.ts'
import { guests } from './guests.ts'
import { highAvailability } from './high-availability.ts'
import { maintenanceWindow } from './maintenance-window.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { ownBoot } from './own-boot.ts'
import { packages } from './packages.ts'
import { quorum } from './quorum.ts'
import { readable } from './readable.ts'
import { storage } from './storage.ts'
import { workInProgress } from './work-in-progress.ts'

/** Every gate before a change. */
export const gates: readonly Gate[] = [
  readable,
  ownBoot,
  maintenanceWindow,
  quorum,
  highAvailability,
  oneAtATime,
  guests,
  workInProgress,
  packages,
  storage,
]
