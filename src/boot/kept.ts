import { type Act, act, anew } from './act-script.ts'

/** The folder on the node where a change keeps the files as they were before it, and the script that takes it back by hand. */
export const keptIn = (changeId: string): string => `/var/lib/lanekeeper/${changeId}`

const begunOnEsps = (changeId: string): string => `${keptIn(changeId)}/esps.begun`

/** Noted before the first file that ESPs are made from is written: from here on they may hold what the change makes of it. */
export const beginOnEsps = (changeId: string): Act => anew(begunOnEsps(changeId), '644', 'begun\n')

/** The ESPs as the files are now, where the change had begun; where it had not, a full disk stands in the way of nothing. */
export const refreshEspsAgain = (changeId: string): Act => act('refresh_esps_again', begunOnEsps(changeId))

/** Note that the trial of a change is armed. A bot that lost its memory over clearing it away must not reboot the node for it. */
export const armedNote = (changeId: string): string => `${keptIn(changeId)}/armed`

/** Where a change keeps the copy of a file. */
export const keptCopy = (changeId: string, path: string): string => `${keptIn(changeId)}${path}`
