import { isRefusal, type Refusal } from '../errors.ts'
import { isSafeWord } from './allowed-arguments.ts'
import { cutsFor, insertions, type SourceEdit, withEdits } from './grub-defaults-edits.ts'
import { runFile } from './grub-shell-run.ts'
import { type Glyph, isUnknown, lookUp, newState, type Ran } from './grub-shell-values.ts'
import { ShellTrouble } from './grub-shell-words.ts'
import { type ArgumentsChange, planChange, splitWords, type WordPlan } from './kernel-line.ts'
import { readShell } from './shell-assignments.ts'

/** /etc/default/grub, or one of /etc/default/grub.d/*.cfg behind it, in the order in which grub-mkconfig sources them (FACTS 7). */
export interface GrubFile {
  readonly path: string
  readonly text: string
}

/** What the shell would say of GRUB_CMDLINE_LINUX and GRUB_CMDLINE_LINUX_DEFAULT. */
export interface GrubValues {
  readonly linux: string
  readonly linuxDefault: string
}

/** The edited files (only those that differ), and `$GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT` before and after. */
export interface EditedDefaults {
  readonly edits: readonly { readonly path: string; readonly before: string; readonly after: string }[]
  readonly valueBefore: string
  readonly valueAfter: string
}

/** The two values as a character by character account of where they come from; `line` is both, as 10_linux joins them. */
export interface Defaults extends GrubValues {
  readonly line: string
  readonly glyphs: readonly (Glyph | undefined)[]
  readonly ran: readonly Ran[]
}

/** What dash would say after sourcing the files, worked out without a shell; refused where only a shell could tell. */
export function evaluateGrubDefaults(files: readonly GrubFile[]): GrubValues | Refusal {
  const read = readDefaults(files)
  return isRefusal(read) ? read : { linux: read.linux, linuxDefault: read.linuxDefault }
}

/**
 * Edits the files so that the two values together differ by exactly this change. Words are added where the effective
 * GRUB_CMDLINE_LINUX_DEFAULT is assigned, and removed wherever they stand. Every edit is read back before it is offered.
 */
export function editGrubDefaults(files: readonly GrubFile[], change: ArgumentsChange): EditedDefaults | Refusal {
  const odd = [...change.add, ...change.remove].find((word) => !isSafeWord(word))
  if (odd !== undefined)
    return { refused: `${JSON.stringify(odd)} cannot stand in ${files[0]?.path} without being read as more.` }
  const before = readDefaults(files)
  if (isRefusal(before)) return before
  const plan = planChange(splitWords(before.line), change)
  const cuts = cutsFor(files, before, plan)
  if (isRefusal(cuts)) return cuts
  for (const inserted of insertions(files, before.ran, plan.appended)) {
    const edited = tryEdits(files, before, plan, [...cuts, ...inserted])
    if (edited) return edited
  }
  return {
    refused: `No single place in ${files.map(({ path }) => path).join(', ')} takes this edit with exactly the effect wanted.`,
    hint: 'The two variables depend on each other or on quotes left open inside them. Edit them by hand.',
  }
}

function tryEdits(
  files: readonly GrubFile[],
  before: Defaults,
  plan: WordPlan,
  edits: readonly SourceEdit[],
): EditedDefaults | undefined {
  const edited = files.map(({ path, text }, file) => ({
    path,
    text: withEdits(
      text,
      edits.filter((edit) => edit.file === file),
    ),
  }))
  const after = readDefaults(edited)
  if (isRefusal(after) || !keepsAssignments(before.ran, after.ran)) return undefined
  const words = splitWords(after.line)
  const rest = words.filter((word) => !plan.appended.includes(word))
  const wanted = plan.fates.filter((word) => word !== null)
  if (words.length !== rest.length + plan.appended.length || rest.join('\0') !== wanted.join('\0')) return undefined
  const changed = files.flatMap(({ path, text }, file) => {
    const now = edited[file]?.text ?? text
    return now === text ? [] : [{ path, before: text, after: now }]
  })
  return { edits: changed, valueBefore: before.line, valueAfter: after.line }
}

/** Whether the same assignments still run; one more may stand behind the others of its file. */
function keepsAssignments(before: readonly Ran[], after: readonly Ran[]): boolean {
  const left = after.map(({ file, name }) => `${file} ${name}`)
  for (const { file, name } of before) {
    const found = left.indexOf(`${file} ${name}`)
    if (found < 0) return false
    left.splice(found, 1)
  }
  return left.length <= 1
}

function readDefaults(files: readonly GrubFile[]): Defaults | Refusal {
  const state = newState()
  for (const [file, { text }] of files.entries()) {
    try {
      runFile(state, file, text, readShell(text))
    } catch (error) {
      if (!(error instanceof ShellTrouble)) throw error
      return refusalAt(files, file, error.at, error.message, error.todo)
    }
  }
  const linux = settledValue(files, state, 'GRUB_CMDLINE_LINUX')
  if (isRefusal(linux)) return linux
  const linuxDefault = settledValue(files, state, 'GRUB_CMDLINE_LINUX_DEFAULT')
  if (isRefusal(linuxDefault)) return linuxDefault
  const glyphs = [...linux, undefined, ...linuxDefault]
  const line = glyphs.map((glyph) => glyph?.char ?? ' ').join('')
  return { linux: textOf(linux), linuxDefault: textOf(linuxDefault), line, glyphs, ran: state.ran }
}

const textOf = (glyphs: readonly Glyph[]): string => glyphs.map(({ char }) => char).join('')

function settledValue(
  files: readonly GrubFile[],
  state: ReturnType<typeof newState>,
  name: string,
): readonly Glyph[] | Refusal {
  const value = lookUp(state, name, 0, 0)
  if (isUnknown(value)) {
    return refusalAt(files, value.file, value.at, `what ${name} holds cannot be told from here: ${value.why}`)
  }
  const odd = value.find(({ char }) => !/[\t\x20-\x7e]/.test(char))
  if (!odd) return value
  const what = odd.char === '\n' ? 'a line break' : `"${odd.char}", which no kernel argument has`
  return refusalAt(files, odd.file, odd.from, `the value of ${name} contains ${what}`)
}

function refusalAt(files: readonly GrubFile[], file: number, at: number, why: string, todo?: string): Refusal {
  const { path = '', text = '' } = files[file] ?? {}
  const line = text.slice(0, at).split('\n').length
  const curly = /[“”„‟‘’‚‛]/.test(text.split('\n')[line - 1] ?? '')
  return {
    refused: `${path}, line ${line}: ${why}.`,
    hint: curly
      ? 'The line has typographic quotes, as copied from a web page: replace them by plain ones.'
      : (todo ?? 'Edit the line by hand.'),
  }
}
