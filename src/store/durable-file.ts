import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The file's bytes; null when there is none. */
export const readIfThere = (file: string): Promise<Buffer | null> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })

/**
 * Replaces the file whole or not at all, and is on the disk when it resolves. (write-file-atomic is not used: it does not look at how
 * much a write took, so a full disk leaves it renaming half a file over the good one; and it does not sync the folder.)
 */
export const writeDurably = async (file: string, content: string | Buffer): Promise<void> => {
  const draft = `${file}.${process.pid}-${++drafts}.draft`
  await mkdir(dirname(file), { recursive: true })
  try {
    const handle = await open(draft, 'w', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(dirname(file))
}

let drafts = 0

/** Makes new and renamed names in the folder survive a power cut. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
