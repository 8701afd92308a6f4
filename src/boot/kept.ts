/** The folder on the node where a change keeps the files as they were before it, and the script that takes it back by hand. */
export const keptIn = (changeId: string): string => `/var/lib/lanekeeper/${changeId}`

/** Where a change notes that the ESPs may hold what it made of the files. */
export const begunOnEsps = (changeId: string): string => `${keptIn(changeId)}/esps.begun`

/** Where a change keeps the copy of a file. */
export const keptCopy = (changeId: string, path: string): string => `${keptIn(changeId)}${path}`
