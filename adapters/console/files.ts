import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Attachment } from '../../src/chat/adapter.ts'
import { OperatorError } from '../../src/errors.ts'
import { fileName } from '../file-name.ts'

/** A file as it lies in the folder of this room. */
export interface KeptFile {
  readonly name: string
  readonly path: string
}

/** Writes a file that was attached to a message: `<folder>/<message>-<name>`; the same once more takes its place. */
export async function keepFile(folder: string | null, message: string, file: Attachment): Promise<KeptFile> {
  if (folder === null)
    throw new OperatorError('config-invalid', `this console keeps no files, so ${fileName(file.name)} is not kept`)
  const name = fileName(file.name)
  const kept = { name, path: join(folder, fileName(`${message}-${name}`)) }
  await mkdir(folder, { recursive: true })
  await writeFile(kept.path, file.content, { mode: 0o600 })
  return kept
}
