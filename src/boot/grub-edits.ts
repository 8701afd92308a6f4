import { checkAllowed } from '../bootconfig/allowed-arguments.ts'
import { editGrubDefaults, evaluateGrubDefaults, type GrubFile, type GrubValues } from '../bootconfig/grub-defaults.ts'
import { type ArgumentsChange, splitWords } from '../bootconfig/kernel-line.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { Facts, Known } from '../facts/facts.ts'
import type { FileEdit, Wanted } from './chain.ts'
import { editedSince, fileEdit, inverse } from './file-edit.ts'

/** The words of the files before and after, and those that only an earlier state of a file may bring back. */
export interface EditedDefaults {
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly edits: readonly FileEdit[]
  readonly restores: readonly string[]
}

type Read = Known<'default-grub'> & Facts

/** What the shell says GRUB_CMDLINE_LINUX and _DEFAULT hold together, before and after the edit, and the edits for it. */
export function editedDefaults(
  { 'default-grub': main, 'default-grub-d': rest, 'grub-syntax': syntax }: Read,
  wanted: Wanted,
): EditedDefaults | Refusal {
  if (main.text === null) return { refused: 'there is no /etc/default/grub' }
  if (syntax && syntax.errors.length > 0)
    return { refused: `the shell cannot read the GRUB defaults: ${syntax.errors[0]}` }
  const files: GrubFile[] = [{ path: '/etc/default/grub', text: main.text }, ...(rest ?? [])]
  const before = evaluateGrubDefaults(files)
  if (isRefusal(before)) return before
  const { GRUB_CMDLINE_LINUX: linux = '', GRUB_CMDLINE_LINUX_DEFAULT: linuxDefault = '' } = syntax?.values ?? {}
  if (syntax && (before.linux !== linux || before.linuxDefault !== linuxDefault)) {
    return {
      refused: 'the GRUB defaults mean something else to the shell of the node than to lanekeeper: edit them by hand',
    }
  }
  return 'restore' in wanted
    ? restored(files, wordsIn(before), wanted.restore)
    : edited(files, wordsIn(before), wanted.args)
}

const wordsIn = ({ linux, linuxDefault }: GrubValues): string[] => splitWords(`${linux} ${linuxDefault}`)

function edited(files: readonly GrubFile[], words: readonly string[], args: ArgumentsChange): EditedDefaults | Refusal {
  // A word that only the running line has was typed at the boot menu; one that the file has already needs no edit.
  const change = {
    add: args.add.filter((word) => !words.includes(word)),
    remove: args.remove.filter((word) => words.includes(word)),
  }
  if (change.add.length + change.remove.length === 0) return { before: words, after: words, edits: [], restores: [] }
  const blocked = checkAllowed(change)
  if (blocked) return blocked
  const done = editGrubDefaults(files, change)
  if (isRefusal(done)) return done
  const edits = done.edits.map(({ path, before, after }) => fileEdit(path, before, after))
  return { before: words, after: splitWords(done.valueAfter), edits, restores: [] }
}

/** The files with the bytes that an earlier change replaced; somebody's edit since then stands in the way. */
function restored(
  files: readonly GrubFile[],
  words: readonly string[],
  earlier: readonly FileEdit[],
): EditedDefaults | Refusal {
  const changed = editedSince(earlier, (path) => files.find((file) => file.path === path)?.text)
  if (changed) return changed
  const whole = files.map((file) => ({
    ...file,
    text: earlier.find(({ path }) => path === file.path)?.was ?? file.text,
  }))
  const after = evaluateGrubDefaults(whole)
  if (isRefusal(after)) return after
  const edits = earlier.map(inverse)
  const back = wordsIn(after)
  return { before: words, after: back, edits, restores: back.filter((word) => !words.includes(word)) }
}
