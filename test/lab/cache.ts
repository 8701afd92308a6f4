import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** The lab's own folder, and where it keeps what it has built. */
export const labFolder = import.meta.dirname
export const repository = resolve(labFolder, '../..')
export const cacheFolder = join(repository, '.cache/lab')

/** Says everything the lab tells its user while it works. */
export type Log = (line: string) => void

const underWay = new Map<string, Promise<string>>()

/** The folder of a thing that is built once: made by `build` in a temporary neighbour, which takes its name when complete. */
export function cached(hash: string, build: (folder: string) => Promise<void>): Promise<string> {
  const made = underWay.get(hash) ?? make(hash, build)
  underWay.set(hash, made)
  return made
}

async function make(hash: string, build: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder, hash)
  if (existsSync(folder)) return folder
  await mkdir(cacheFolder, { recursive: true })
  const work = await mkdtemp(`${folder}.making-`)
  try {
    await build(work)
    if (!existsSync(folder)) await rename(work, folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return folder
}

/** A short name for a set of inputs: equal inputs, equal name. */
export function hashOf(...inputs: (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const input of inputs) hash.update(`${input.length}:`).update(input)
  return hash.digest('hex').slice(0, 16)
}

/** Names and contents of all files below a folder, in a fixed order, for `hashOf`. */
export async function contentsOf(folder: string): Promise<(string | Buffer)[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const pairs = files.sort().map(async (file) => [file.slice(folder.length), await readFile(file)])
  return (await Promise.all(pairs)).flat()
}
