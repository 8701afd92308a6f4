import { isRefusal, type Refusal } from '../errors.ts'
import type { GrubEntry } from './grub-config.ts'
import { grubArgument, grubQuoted, linuxCommands } from './grub-linux.ts'
import { grubCommands, grubTokens } from './grub-script.ts'
import { flagGate, windowGate } from './grub-trial-gate.ts'
import { keyOf } from './kernel-line.ts'

/** How a trial starts exactly once (FACTS 1.6): a flag GRUB spends on a file system it can write, or a time by the hardware clock. */
export type TrialGate =
  | { readonly kind: 'flag'; readonly uuid: string; readonly path: string }
  /** The clock's own reading, in the UTC fields of the dates. */
  | { readonly kind: 'window'; readonly from: Date; readonly to: Date }

export interface Trial {
  /** The entry that boots by default: the trial's copies everything of it but the words. */
  readonly entry: GrubEntry
  readonly words: readonly string[]
  readonly changeId: string
  readonly mechanism: TrialGate
  /** Name of another initramfs beside the entry's own; null = the entry's own. */
  readonly initramfs?: string | null
}

/** The kernel's limit on x86 (COMMAND_LINE_SIZE); it cuts off the rest in silence. */
const LONGEST_LINE = 2047
/** What update-grub names the initramfs of a kernel; early microcode may stand before it. */
const INITRAMFS = /(?<=\/)initrd\.img-[^\s/'"]+/
const BEGIN = '# >>> lanekeeper trial'
const END = '# <<< lanekeeper trial'
const NEW_FILE = ' (this file was made for it)'
const UNFINISHED = ' (the line above had no end)'

/** Whether a trial puts this word on the line itself, whatever stood there: its marker, and its `panic=`. */
export const isTrialWord = (word: string): boolean => ['panic', 'lanekeeper.trial'].includes(keyOf(word))

/** The words of the trial: those asked for, the marker the guard looks for, and a panic that reboots after so many seconds. */
export function trialWords(words: readonly string[], changeId: string, panic = 30): string[] {
  return [...words.filter((word) => !isTrialWord(word)), `lanekeeper.trial=${changeId}`, `panic=${panic}`]
}

/** Seconds a trial that cannot go on waits before it reboots: until a time window is over, so that it never starts twice. */
const secondsBeforeBack = (gate: TrialGate): number =>
  gate.kind === 'flag' ? 30 : Math.ceil((gate.to.getTime() - gate.from.getTime()) / 1000)

/** The block for custom.cfg: first the gate, then the entry, which is the default only behind the gate. */
export function trialBlock({ entry, words, changeId, mechanism, initramfs = null }: Trial): string | Refusal {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(changeId)) return { refused: `"${changeId}" is no id of a change.` }
  const wait = secondsBeforeBack(mechanism)
  const body = trialBody(entry, trialWords(words, changeId, wait), initramfs, wait)
  if (isRefusal(body)) return body
  const id = `lanekeeper-trial-${changeId}`
  const offer = [
    `menuentry 'Lanekeeper trial ${changeId}' --unrestricted --id ${id} {${body}}`,
    `set default=${id}`,
    'set timeout_style=menu',
    'set timeout=5',
  ].join('\n')
  const gated = mechanism.kind === 'flag' ? flagGate(changeId, mechanism, offer) : windowGate(mechanism, offer)
  return isRefusal(gated) ? gated : `# Trial ${changeId}. Safe to remove.\n${gated}`
}

/** The text of custom.cfg with the block behind what is there; `withoutTrial` takes exactly it away again. */
export function withTrial(existing: string | null, block: string): string {
  const rest = existing === null ? null : withoutTrial(existing)
  const unfinished = rest !== null && rest !== '' && !rest.endsWith('\n')
  const note = rest === null ? NEW_FILE : unfinished ? UNFINISHED : ''
  return `${rest ?? ''}${unfinished ? '\n' : ''}${BEGIN}${note}\n${block.trimEnd()}\n${END}\n`
}

/** The text of custom.cfg without the block; null when the file was made for the block and nothing else is in it. */
export function withoutTrial(text: string): string | null {
  const found = new RegExp(`^${BEGIN}(.*)\\n[^]*?^${END}\\n?`, 'm').exec(text)
  if (!found) return text
  const [block, note] = found
  const before = text.slice(0, found.index)
  const rest = (note === UNFINISHED ? before.slice(0, -1) : before) + text.slice(found.index + block.length)
  return rest === '' && note === NEW_FILE ? null : rest
}

/**
 * The entry's body with other words behind the image. A kernel or initrd that cannot be loaded reboots after `wait` seconds instead
 * of waiting at the menu for ever, and `savedefault` goes, which would make the trial the default for good.
 */
function trialBody(
  entry: GrubEntry,
  words: readonly string[],
  initramfs: string | null,
  wait: number,
): string | Refusal {
  const { body } = entry
  const { linux, initrd } = linuxCommands(body)
  const [command, ...more] = linux
  const [name, image] = command ?? []
  if (!command || !name || !image || more.length > 0)
    return { refused: `"${entry.title}" does not load exactly one Linux kernel.` }
  if (command.some(({ dynamic }) => dynamic)) {
    return { refused: `The kernel line of "${entry.title}" has GRUB variables in it, whose values only GRUB knows.` }
  }
  if (words.join(' ').length + image.text.length + 'BOOT_IMAGE= '.length > LONGEST_LINE) {
    return { refused: `The kernel line would be longer than the ${LONGEST_LINE} characters the kernel reads.` }
  }
  const images = initrd.map((at) => ({ at, text: body.slice(at[0]?.from, at.at(-1)?.to) }))
  if (initramfs !== null) {
    const own = images.filter(({ text }) => INITRAMFS.test(text))
    if (own.length !== 1) return { refused: `"${entry.title}" does not load exactly one initramfs of a kernel.` }
    for (const image of own) image.text = image.text.replace(INITRAMFS, initramfs)
  }
  const args = words.map(grubArgument)
  const lost = words.find((_, index) => args[index] === undefined)
  if (lost !== undefined) return { refused: `GRUB cannot hand "${lost}" to the kernel unchanged.` }
  const line = [name.text, body.slice(image.from, image.to), ...args.map((arg) => grubQuoted(arg ?? ''))].join(' ')
  const saves = grubCommands(grubTokens(body) ?? []).filter(([first]) => first?.text === 'savedefault')
  const edits = [
    { at: command, text: orReboot(line, wait) },
    ...images.map(({ at, text }) => ({ at, text: orReboot(text, wait) })),
    ...saves.map((at) => ({ at, text: 'true' })),
  ]
  return edits
    .sort((one, other) => (other.at[0]?.from ?? 0) - (one.at[0]?.from ?? 0))
    .reduce((text, { at, text: put }) => text.slice(0, at[0]?.from) + put + text.slice(at.at(-1)?.to), body)
}

const orReboot = (command: string, seconds: number): string =>
  `if ${command}; then true; else echo 'The trial cannot be loaded. Going back in ${seconds} seconds.'; sleep ${seconds}; reboot; fi`
