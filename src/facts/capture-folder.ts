import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../errors.ts'
import { type Capture, Taken } from './capture.ts'
import { readCaptureFile } from './capture-file.ts'
import { probes } from './probes.ts'

const Index = z.object({
  format: z.literal(1),
  node: z.string().nullish(),
  takenAt: z.string().nullish(),
  probes: z.record(z.string(), Taken).nullish(),
})

/** Reads a capture: a folder, or the one file of it that a chat was given. */
export const readCaptureAt = async (path: string): Promise<Capture> =>
  (await isFile(path)) ? readCaptureFile(await readFile(path), path) : readCapture(path)

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

/** Reads a capture from its folder. Without a capture.json, or where that names no probe, every text counts as exit 0. */
export async function readCapture(folder: string): Promise<Capture> {
  const files = await listed(folder)
  const index = files.has('capture.json') ? await readIndex(join(folder, 'capture.json')) : undefined
  const named = index?.probes && Object.keys(index.probes).length > 0 ? index.probes : undefined
  const found = probes.filter(({ name }) => files.has(`${name}.txt`))
  const texts = await Promise.all(
    found.map(async ({ name }) => {
      const text = await contentOf(join(folder, `${name}.txt`))
      const taken = named && Object.hasOwn(named, name) ? named[name] : undefined
      return [name, { ...(taken ?? { exit: 0 }), text }] as const
    }),
  )
  return { node: index?.node ?? null, takenAt: index?.takenAt ?? null, probes: Object.fromEntries(texts) }
}

/** Writes a capture into a folder, which is made when it is not there. */
export async function writeCapture(folder: string, capture: Capture): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { node, takenAt } = capture
  const taken = Object.entries(capture.probes).map(([name, { text: _, ...rest }]) => [name, rest])
  const index = { format: 1, node, takenAt, probes: Object.fromEntries(taken) }
  for (const [name, { text }] of Object.entries(capture.probes)) await writeFile(join(folder, `${name}.txt`), text)
  await writeFile(join(folder, 'capture.json'), `${JSON.stringify(index, null, 2)}\n`)
}

async function listed(folder: string): Promise<Set<string>> {
  try {
    return new Set(await readdir(folder))
  } catch (cause) {
    const what = (cause as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'is a file' : 'cannot be opened'
    throw invalid(
      `expected the folder of a capture, but ${folder} ${what}`,
      'name a folder that `lanekeeper record <node>` wrote, or one that holds <probe>.txt files',
      cause,
    )
  }
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    throw invalid(`expected a text file at ${path}, but it cannot be read: ${words}`, 'mend or remove it', cause)
  }
}

async function readIndex(path: string): Promise<z.infer<typeof Index>> {
  const text = await contentOf(path)
  let raw: unknown
  try {
    raw = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    throw invalid(`expected JSON in ${path}, got something else: ${words}`, 'mend the file, or remove it', cause)
  }
  const format = typeof raw === 'object' && raw !== null && 'format' in raw ? raw.format : undefined
  if (format !== 1) {
    throw invalid(
      `expected "format": 1 in ${path}, got ${format === undefined ? 'none' : JSON.stringify(format)}`,
      'read the capture with the Lanekeeper that wrote it, or record it again',
    )
  }
  const parsed = Index.safeParse(raw)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(
    `${path} does not have the form of a capture: ${issue?.path.join('.')}: ${issue?.message}`,
    'mend the file, or remove it: then every text in the folder counts as taken with exit status 0',
    parsed.error,
  )
}

const invalid = (message: string, hint: string, cause?: unknown): OperatorError =>
  new OperatorError('capture-invalid', message, { hint, cause })
