import { isRefusal, type Refusal } from '../errors.ts'
import { evaluateGrubDefaults, type GrubFile, type GrubValues } from './grub-defaults.ts'

/** A file of GRUB's defaults whose fault is a plain slip, without it; and what the files then hold together. */
export interface Mended {
  readonly path: string
  readonly text: string
  readonly values: GrubValues
}

/**
 * Mends the one file of these that has a slip of the pen: typographic quotes, Windows line ends, blanks around `=`, a quote not
 * closed on its line, a value of several words without quotes (FACTS 7). Refused where nothing of this is wrong, where the fault
 * goes on behind it, or where more than one file has one.
 */
export function mendGrubDefaults(files: readonly GrubFile[]): Mended | Refusal {
  const mended = files.flatMap(({ path, text }) => {
    const now = mendText(text)
    return now === text ? [] : [{ path, text: now }]
  })
  const [one] = mended
  if (!one || mended.length > 1) return { refused: 'what was meant there cannot be told for sure' }
  const values = evaluateGrubDefaults(
    files.map((file) => (file.path === one.path ? { ...file, text: one.text } : file)),
  )
  return isRefusal(values) ? values : { ...one, values }
}

const mendText = (text: string): string => text.replaceAll('\r\n', '\n').split('\n').map(mendLine).join('\n')

const ASSIGNMENT = /^(\s*(?:export\s+)?GRUB_\w+)\s*=\s*(.*?)\s*$/

function mendLine(line: string): string {
  if (/^\s*#/.test(line)) return line
  const [, name, value] = ASSIGNMENT.exec(line) ?? []
  if (name === undefined || value === undefined) return line
  const straight = value.replace(/[“”„‟]/g, '"').replace(/[‘’‚‛]/g, "'")
  const mended = `${name}=${closed(quoted(straight))}`
  return mended === line.trimEnd() ? line : mended
}

/** Several plain words without a quote among them get one around all. */
const quoted = (value: string): string => (/^[\w.,:=/+@%-]+(\s+[\w.,:=/+@%-]+)+$/.test(value) ? `"${value}"` : value)

/** A quote that opens at the beginning of the value and is nowhere closed is closed at its end. */
function closed(value: string): string {
  const quote = value[0]
  const open = (quote === '"' || quote === "'") && value.indexOf(quote, 1) < 0 && !/[\\`$#;]/.test(value)
  return open ? value + quote : value
}
