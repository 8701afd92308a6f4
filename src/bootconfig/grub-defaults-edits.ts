import type { Refusal } from '../errors.ts'
import type { Defaults, GrubFile } from './grub-defaults.ts'
import type { Glyph, Ran } from './grub-shell-values.ts'
import { placeWords, type WordPlan } from './kernel-line.ts'

/** Text that takes the place of a stretch of a file; an empty stretch is an insertion. */
export interface SourceEdit {
  readonly file: number
  readonly from: number
  readonly to: number
  readonly text: string
}

const TARGET = 'GRUB_CMDLINE_LINUX_DEFAULT'
const TARGETS = ['GRUB_CMDLINE_LINUX', TARGET]
const CONTINUED = /^(?:\\\n)*$/
/** Text that means the same with double quotes around it and without. */
const QUOTABLE = /^[A-Za-z0-9_.,:=@%+/-]+$/

/** The text with all edits made, the last place first. */
export const withEdits = (text: string, edits: readonly SourceEdit[]): string =>
  [...edits]
    .sort((one, other) => other.from - one.from || other.to - one.to)
    .reduce((result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to), text)

/** The stretches to cut or to replace for the words that do not stay; a word that goes takes one blank with it. */
export function cutsFor(files: readonly GrubFile[], before: Defaults, plan: WordPlan): SourceEdit[] | Refusal {
  const cuts = new Map<string, SourceEdit>()
  const used = new Set<Glyph>()
  for (const [index, placed] of placeWords(before.line).entries()) {
    const fate = plan.fates[index] ?? null
    if (fate === placed.word) continue
    const glyphs = before.glyphs.slice(placed.from, placed.to)
    const problem = whyNotEditable(files, placed.word, glyphs)
    if (problem) return problem
    const blank = fate === null ? blankBeside(files, before.glyphs, placed, used) : undefined
    if (blank) used.add(blank)
    const written = [...glyphs, blank].filter((glyph) => glyph !== undefined)
    const from = Math.min(...written.map((glyph) => glyph.from))
    const to = Math.max(...written.map((glyph) => glyph.to))
    const file = glyphs[0]?.file ?? 0
    cuts.set(`${file} ${to}`, { file, from, to, text: fate ?? '' })
  }
  return [...cuts.values()]
}

function whyNotEditable(
  files: readonly GrubFile[],
  word: string,
  glyphs: readonly (Glyph | undefined)[],
): Refusal | undefined {
  const foreign = glyphs.find((glyph) => glyph && !TARGETS.includes(glyph.target))
  const whole = glyphs.every((glyph, index) => index === 0 || adjoin(files, glyphs[index - 1], glyph))
  if (!foreign && whole) return undefined
  const at = foreign ?? glyphs.find((glyph) => glyph !== undefined)
  const { path = '', text = '' } = files[at?.file ?? 0] ?? {}
  const why = foreign
    ? `comes from the variable ${foreign.target}, which may serve others too`
    : 'is put together from several parts'
  const line = text.slice(0, at?.from).split('\n').length
  return { refused: `${path}, line ${line}: "${word}" ${why}.`, hint: `Change "${word}" there by hand.` }
}

/** Whether two characters stand side by side in one literal; a continued line between them does not count. */
function adjoin(files: readonly GrubFile[], one: Glyph | undefined, other: Glyph | undefined): boolean {
  if (!one || !other || one.file !== other.file || one.to > other.from) return false
  return CONTINUED.test(files[one.file]?.text.slice(one.to, other.from) ?? '')
}

function blankBeside(
  files: readonly GrubFile[],
  glyphs: readonly (Glyph | undefined)[],
  { from, to }: { from: number; to: number },
  used: ReadonlySet<Glyph>,
): Glyph | undefined {
  const isFree = (glyph: Glyph | undefined): glyph is Glyph =>
    glyph !== undefined && /[ \t]/.test(glyph.char) && !used.has(glyph) && TARGETS.includes(glyph.target)
  const [before, after] = [glyphs[from - 1], glyphs[to]]
  if (isFree(before) && adjoin(files, before, glyphs[from])) return before
  return isFree(after) && adjoin(files, glyphs[to - 1], after) ? after : undefined
}

/** Ways to add words, the likeliest first: into an assignment of /etc/default/grub, into a later file's, as a line of their own. */
export function insertions(files: readonly GrubFile[], ran: readonly Ran[], words: readonly string[]): SourceEdit[][] {
  if (words.length === 0) return [[]]
  const joined = words.join(' ')
  const places = ran.filter(({ name }) => name === TARGET).reverse()
  const ordered = [...places.filter(({ file }) => file === 0), ...places.filter(({ file }) => file !== 0)]
  return [
    ...ordered.map((place) => insertInto(files[place.file]?.text ?? '', place, joined)),
    ...files.map(({ text }, file) => [newLine(file, text, joined)]),
  ]
}

function insertInto(text: string, { file, value }: Ran, words: string): SourceEdit[] {
  const insert = (at: number, inserted: string): SourceEdit => ({ file, from: at, to: at, text: inserted })
  const raw = text.slice(value.from, value.to)
  if (value.inside !== undefined) return [insert(value.inside, value.pieces.length === 0 ? words : ` ${words}`)]
  if (raw === '') return [insert(value.from, `"${words}"`)]
  if (!QUOTABLE.test(raw)) return [insert(value.to, `" ${words}"`)]
  return [insert(value.from, '"'), insert(value.to, ` ${words}"`)]
}

function newLine(file: number, text: string, words: string): SourceEdit {
  const unfinished = text !== '' && (!text.endsWith('\n') || text.endsWith('\\\n'))
  return { file, from: text.length, to: text.length, text: `${unfinished ? '\n' : ''}${TARGET}="${words}"\n` }
}
