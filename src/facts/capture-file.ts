import { nanoid } from 'nanoid'
import { z } from 'zod'
import { OperatorError } from '../errors.ts'
import { type Capture, Taken } from './capture.ts'
import { type Frame, readFrames, writeFrames } from './frames.ts'
import { probes } from './probes.ts'

const HEAD = 'lanekeeper capture 1 '
const INDEX = 'capture.json'

const Index = z.object({
  node: z.string().nullable(),
  takenAt: z.string().nullable(),
  probes: z.record(z.string(), Taken),
})

/** A capture as one text file, for a chat or a ticket: a line that says what it is, then what each probe printed, between marks. */
export function captureFile({ node, takenAt, probes: taken }: Capture, nonce = nanoid()): Buffer {
  const frame = (name: string, text: string): Frame => ({ name, bytes: Buffer.from(text), exit: 0, ms: 0 })
  const about = Object.fromEntries(Object.entries(taken).map(([name, { text: _, ...rest }]) => [name, rest]))
  const texts = Object.entries(taken).map(([name, { text }]) => frame(name, text))
  const index = frame(INDEX, JSON.stringify({ node, takenAt, probes: about }))
  return Buffer.concat([Buffer.from(`${HEAD}${nonce}\n`), writeFrames(nonce, [index, ...texts])])
}

/** Reads such a file back. Throws `capture-invalid` for anything else, and for one that was cut off. */
export function readCaptureFile(bytes: Buffer, path: string): Capture {
  const line = bytes.toString('latin1', 0, Math.max(0, bytes.indexOf('\n')))
  if (!line.startsWith(HEAD)) {
    throw invalid(`${path} is not a capture: expected a first line "${HEAD}…"`)
  }
  const frames = readFrames(line.slice(HEAD.length).trim(), bytes)
  const index = frames?.find(({ name }) => name === INDEX)
  if (!frames || !index) throw invalid(`${path} is cut off, or was edited: its marks do not stand in pairs to its end`)
  const parsed = Index.safeParse(jsonOf(index.bytes.toString('utf8')))
  if (!parsed.success) throw invalid(`${path} does not say how its probes ended`)
  const known = frames.filter(({ name }) => probes.some((probe) => probe.name === name))
  const texts = known.map(({ name, bytes: text }) => {
    const taken = Object.hasOwn(parsed.data.probes, name) ? parsed.data.probes[name] : undefined
    return [name, { ...(taken ?? { exit: 0 }), text: text.toString('utf8') }] as const
  })
  return { node: parsed.data.node, takenAt: parsed.data.takenAt, probes: Object.fromEntries(texts) }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const invalid = (message: string): OperatorError =>
  new OperatorError('capture-invalid', message, {
    hint: 'name a folder that `lanekeeper record <node>` wrote, or a capture file as the bot attaches it to its cards, whole',
  })
