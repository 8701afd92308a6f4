import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { amiss, type Check, well } from '../../../adapters/check.ts'
import { wordsOf } from '../../errors.ts'
import { holderOf } from '../../store/lock.ts'

const LEAST_BYTES = 100 * 1024 * 1024
const ELSEWHERE = 'name a folder that this user may write to: data: in the configuration, or LANEKEEPER_DATA'

/** Whether the state of the bot can be kept in this folder, and who has it. Leaves nothing there; never throws. */
export async function checkDataFolder(folder: string): Promise<Check[]> {
  const there = await nearest(folder)
  const [written, room, holder] = await Promise.all([
    checkWriting(folder, there),
    checkRoom(there),
    checkHolder(folder),
  ])
  return [written, room, ...holder]
}

/** The folder itself, or the nearest one above it that is there. */
async function nearest(folder: string): Promise<string> {
  const missing = await stat(folder).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT',
  )
  return missing && dirname(folder) !== folder ? nearest(dirname(folder)) : folder
}

/** By a trial, which is taken away again: what the rights say is not always what happens. */
async function checkWriting(folder: string, there: string): Promise<Check> {
  try {
    const trial = await mkdtemp(join(there, 'doctor-'))
    try {
      await writeFile(join(trial, 'trial'), 'written')
    } finally {
      await rm(trial, { recursive: true, force: true })
    }
    return well(`data folder ${folder}: ${there === folder ? 'can be written' : 'is not there yet, and can be made'}`)
  } catch (error) {
    return amiss(`data folder ${folder}: cannot be used: ${wordsOf(error)}`, ELSEWHERE)
  }
}

async function checkRoom(there: string): Promise<Check> {
  try {
    const { bavail, bsize, files, ffree } = await statfs(there)
    const free = bavail * bsize
    const says = `data folder: ${size(free)} free`
    if (files > 0 && ffree === 0) return amiss(`${says}, but no file can be added (no inodes)`, 'remove files there')
    return free >= LEAST_BYTES
      ? well(says)
      : amiss(says, `make room: less than ${size(LEAST_BYTES)} is too little for changes and their audit trail`)
  } catch (error) {
    return amiss(`data folder: its free space cannot be told: ${wordsOf(error)}`, ELSEWHERE)
  }
}

async function checkHolder(folder: string): Promise<Check[]> {
  try {
    const holder = await holderOf(folder)
    return [well(`data folder: ${holder ? `in use by ${holder}; a second bot would be refused` : 'nobody has it'}`)]
  } catch (error) {
    return [amiss(`data folder: who has it cannot be told: ${wordsOf(error)}`, ELSEWHERE)]
  }
}

const size = (bytes: number): string => {
  const mega = bytes / 1024 / 1024
  return mega >= 1024 ? `${(mega / 1024).toFixed(1)} GiB` : `${Math.floor(mega)} MiB`
}
