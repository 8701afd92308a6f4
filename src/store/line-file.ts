import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from './durable-file.ts'

/** Adds bytes at the end, durable when it resolves; when the write is cut short, the file is cut back to what it was. */
export const appendDurably = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a', 0o600)
  try {
    const { size } = await handle.stat()
    try {
      await handle.writeFile(text)
      await handle.sync()
    } catch (error) {
      await handle.truncate(size).catch(() => undefined)
      throw error
    }
    if (size === 0) await syncFolder(dirname(file))
  } finally {
    await handle.close()
  }
}

/** Takes so many bytes off the end. */
export const cutDurably = async (file: string, bytes: number): Promise<void> => {
  const handle = await open(file, 'r+')
  try {
    await handle.truncate((await handle.stat()).size - bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The lines from the last to the first, read from the end in pieces. `whole` is false for a last line without an end. */
export async function* linesFromEnd(file: string): AsyncGenerator<{ bytes: Buffer; whole: boolean }> {
  const handle = await openIfThere(file)
  if (!handle) return
  try {
    let tail: Buffer = Buffer.alloc(0)
    let whole = false
    for (let end = (await handle.stat()).size; end > 0; ) {
      const start = Math.max(0, end - PIECE)
      const [first = tail, ...lines] = splitLines(Buffer.concat([await readAt(handle, start, end - start), tail]))
      for (const bytes of lines.reverse()) {
        if (whole || bytes.length > 0) yield { bytes, whole }
        whole = true
      }
      tail = first
      end = start
    }
    if (whole || tail.length > 0) yield { bytes: tail, whole }
  } finally {
    await handle.close()
  }
}

/** Cuts at line ends; the last piece is what follows the last of them. */
export const splitLines = (bytes: Buffer): Buffer[] => {
  const lines: Buffer[] = []
  let start = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, at))
    start = at + 1
  }
  return [...lines, bytes.subarray(start)]
}

const PIECE = 64 * 1024
const NEWLINE = 0x0a

const openIfThere = (file: string): Promise<FileHandle | null> =>
  open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })

const readAt = async (handle: FileHandle, position: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
