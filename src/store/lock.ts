import { access, constants, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import lockfile from 'proper-lockfile'
import { z } from 'zod'
import { OperatorError, wordsOf } from '../errors.ts'

const STALE_MS = 5000
const UPDATE_MS = 1500
const LOOK_MS = 250
const PATIENCE_MS = 8000

const Holder = z.object({ pid: z.number(), host: z.string(), since: z.string() })

/**
 * Makes this process the only one on the folder, and answers with the release. What a killed process left is taken over within
 * seconds; a living holder is named in `store-locked`. `onLost` is told when the lock was taken away: stop at once then.
 */
export const lockDataFolder = async (folder: string, onLost: (why: Error) => void): Promise<() => Promise<void>> => {
  await makeFolder(folder)
  const lock = join(folder, 'lanekeeper.lock')
  const note = join(folder, 'lanekeeper.lock.json')
  const release = await acquire(folder, lock, note, onLost)
  const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  await writeFile(note, `${JSON.stringify(holder)}\n`)
  return async () => {
    await rm(note, { force: true })
    await release()
  }
}

/** Who has the folder at this moment: `process 12 on bot1 since …`; null = nobody. Takes nothing, leaves nothing. */
export const holderOf = async (folder: string): Promise<string | null> => {
  const options = { lockfilePath: join(folder, 'lanekeeper.lock'), stale: STALE_MS, realpath: false }
  return (await lockfile.check(folder, options)) ? whoIn(join(folder, 'lanekeeper.lock.json')) : null
}

const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    const hint = 'name a folder that this user may write to: data: in the configuration, or LANEKEEPER_DATA'
    throw new OperatorError('store-invalid', `the data folder ${folder} cannot be used: ${wordsOf(cause)}`, {
      hint,
      cause,
    })
  }
}

const acquire = async (folder: string, lock: string, note: string, onLost: (why: Error) => void) => {
  const options = { lockfilePath: lock, stale: STALE_MS, update: UPDATE_MS, realpath: false, onCompromised: onLost }
  const end = Date.now() + PATIENCE_MS
  let seen: number | undefined
  while (true) {
    try {
      return await lockfile.lock(folder, options)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error
    }
    const beat = (await stat(lock).catch(() => undefined))?.mtimeMs
    if ((seen !== undefined && beat !== undefined && beat !== seen) || Date.now() > end)
      throw await refusal(folder, note)
    seen ??= beat
    await sleep(LOOK_MS)
  }
}

const refusal = async (folder: string, note: string) => {
  const hint = 'Stop that one first, or give this one a data folder of its own.'
  return new OperatorError('store-locked', `${folder} is in use by ${await whoIn(note)}`, { hint })
}

const whoIn = async (note: string): Promise<string> => {
  const text = await readFile(note, 'utf8').catch(() => 'null')
  const { data } = Holder.safeParse(parseOr(text))
  return data ? `process ${data.pid} on ${data.host} since ${data.since}` : 'another process'
}

const parseOr = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
