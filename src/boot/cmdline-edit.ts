import { checkAllowed } from '../bootconfig/allowed-arguments.ts'
import { type ArgumentsChange, changeLine, differenceOf, splitWords } from '../bootconfig/kernel-line.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { KernelCmdlineFile } from '../facts/probes/kernel-cmdline-file.ts'
import type { FileEdit, Wanted } from './chain.ts'
import { editedSince, fileEdit, inverse } from './file-edit.ts'

const PATH = '/etc/kernel/cmdline'

/** The words that the file gives to the kernel after the edit, and those that only an earlier state of it may bring back. */
export interface EditedCmdline {
  readonly after: readonly string[]
  readonly edits: readonly FileEdit[]
  readonly restores: readonly string[]
}

/** The edit of /etc/kernel/cmdline: its first line, and not a byte behind it (FACTS 1.3). */
export function editedCmdline({ first, text }: KernelCmdlineFile, wanted: Wanted): EditedCmdline | Refusal {
  if (first === null) {
    return {
      refused: `there is no ${PATH}, so proxmox-boot-tool takes the line of the running boot`,
      hint: 'write the words of /proc/cmdline into it, without initrd=, on one line; then diagnose again',
    }
  }
  if (text === undefined) return { refused: `${PATH} is not text that could be written back unchanged` }
  const changed = 'restore' in wanted ? restored(text, wanted.restore) : edited(text, wanted.args)
  return isRefusal(changed) ? changed : (unusable(changed.after) ?? changed)
}

/** The line that proxmox-boot-tool reads, and all that stands behind it. */
function cutFirst(text: string): [line: string, rest: string] {
  const end = text.search(/\r?(?:\n|$)/)
  return [text.slice(0, end), text.slice(end)]
}

const wordsIn = (text: string): string[] => splitWords(cutFirst(text)[0])

function edited(text: string, args: ArgumentsChange): EditedCmdline | Refusal {
  const [line, rest] = cutFirst(text)
  const words = splitWords(line)
  // A word that only the running line has was typed at the boot menu; one that the file has already needs no edit.
  const change = {
    add: args.add.filter((word) => !words.includes(word)),
    remove: args.remove.filter((word) => words.includes(word)),
  }
  if (change.add.length + change.remove.length === 0) return { after: words, edits: [], restores: [] }
  const blocked = checkAllowed(change)
  if (blocked) return blocked
  const next = changeLine(line, change)
  const after = splitWords(next)
  const done = differenceOf(words, after)
  if (!sameWords(done.add, change.add) || !sameWords(done.remove, change.remove)) {
    return { refused: `the first line of ${PATH} does not end outside quotes: edit it by hand` }
  }
  return { after, edits: [fileEdit(PATH, text, next + rest)], restores: [] }
}

/** The file with the bytes that an earlier change replaced; somebody's edit since then stands in the way. */
function restored(text: string, earlier: readonly FileEdit[]): EditedCmdline | Refusal {
  const other = earlier.find(({ path }) => path !== PATH)
  if (other) return { refused: `that change edited ${other.path}, which this node does not boot from` }
  const changed = editedSince(earlier, () => text)
  if (changed) return changed
  const was = earlier[0]?.was ?? text
  const now = wordsIn(text)
  const after = wordsIn(was)
  return {
    after,
    edits: earlier.map(inverse),
    restores: after.filter((word) => !now.includes(word)),
  }
}

/** proxmox-boot-tool writes nothing for a line without `root=`; what stands behind `--` goes to init. */
function unusable(words: readonly string[]): Refusal | undefined {
  if (!words.some((word) => word.startsWith('root='))) {
    return {
      refused: `the first line of ${PATH} has no root=, and proxmox-boot-tool refresh refuses it so`,
      hint: `put the whole kernel line on the first line of ${PATH}, then diagnose again`,
    }
  }
  return words.includes('--')
    ? { refused: `"--" stands in ${PATH}, and what follows it goes to init: edit it by hand` }
    : undefined
}

const sameWords = (one: readonly string[], other: readonly string[]): boolean =>
  new Set(one).size === new Set(other).size && one.every((word) => other.includes(word))
