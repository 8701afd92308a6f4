import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Numbers of messages that are never given twice. */
export interface MessageIds {
  next(): string
  /** False for a number that was never given. */
  known(message: string): boolean
}

/**
 * Goes on where the last run on the same file stopped: a `+ m3` always means the message that was shown as m3. `after` is the
 * highest number that is in use somewhere else, for a file that was lost.
 */
export function createMessageIds(file: string | null, after = 0): MessageIds {
  let last = Math.max(after, file === null ? 0 : readLast(file))
  return {
    next() {
      last += 1
      if (file !== null) keep(file, last)
      return `m${last}`
    },
    known: (message) => Number(message.slice(1)) >= 1 && Number(message.slice(1)) <= last,
  }
}

function readLast(file: string): number {
  try {
    return Math.max(0, Math.trunc(Number(readFileSync(file, 'utf8')) || 0))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

/** Whole or not at all: a number that was given must not come back after a crash. */
function keep(file: string, last: number): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${last}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
