import { z } from 'zod'
import type { ArgumentsChange } from '../bootconfig/kernel-line.ts'
import type { Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import type { Act, ActAnswers } from './act-script.ts'

const Sum = z.string().regex(/^([0-9a-f]{64}|absent)$/)

/** One file as it must be before, and as it will be after; null = there is none. `before`/`after` are sha256 of `was` and `text`, or the word absent; `diff` is for people. */
export const FileEdit = z.object({
  path: z.string().startsWith('/'),
  before: Sum,
  after: Sum,
  was: z.string().nullable(),
  text: z.string().nullable(),
  diff: z.array(z.string()),
  /** Of a file that is made; one that is there keeps its own. */
  mode: z.enum(['644', '755']).optional(),
})
export type FileEdit = z.infer<typeof FileEdit>

/** How a trial boot starts exactly once: a flag that GRUB spends on a file system it can write, a time window (FACTS 1.6), or the EFI variable that systemd-boot deletes before it boots (1.7). */
export const TrialMechanism = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('flag'), on: z.enum(['esp', 'boot']), uuid: z.string() }),
  z.object({ kind: z.literal('window') }),
  z.object({ kind: z.literal('one-shot') }),
])
export type TrialMechanism = z.infer<typeof TrialMechanism>

/** What is wanted of the boot files: other words on the line, or the bytes that the edits of an earlier change replaced; and another kernel than the one that would boot (its release). */
export type Wanted = ({ readonly args: ArgumentsChange } | { readonly restore: readonly FileEdit[] }) & {
  readonly kernel?: string | undefined
}

/** What a boot chain foresees of a change. `now` and `kept`: the words behind the kernel image, today and once it is kept. */
export interface Forecast {
  readonly edits: readonly FileEdit[]
  readonly commands: readonly string[]
  readonly now: readonly string[]
  readonly kept: readonly string[]
  /** Release of the kernel that will boot. */
  readonly kernel: string
  /** How the line can be tried exactly once; a refusal says why no way is safe here. */
  readonly trial: TrialMechanism | Refusal
}

/** The work of a change besides its files: before the boot configuration is generated, taking it back, and what is left once it is decided. */
export interface TrialWork {
  readonly perform: readonly Act[]
  readonly takeBack: readonly Act[]
  readonly tidy: readonly Act[]
  /** Name, beside the entry's own, of the initramfs that the trial starts with; null = it starts with the entry's own. */
  readonly initramfs: string | null
}

/** What the acts on a node need to know of a change. */
export interface TrialOrder {
  readonly changeId: string
  /** The boot the plan was made in. */
  readonly bootId: string
  readonly kept: readonly string[]
  /** Release of the kernel that the approved plan boots. */
  readonly kernel: string
  /** Edits of the files that the chain boots from, and of any other that the change is about. */
  readonly edits: readonly FileEdit[]
  readonly work: TrialWork
  readonly trial: TrialMechanism
  /** Seconds from the kernel's start until the guard goes back. */
  readonly guardDeadline: number
}

/** One way in which nodes boot, as far as a plan needs it: recognised by the running boot, and what a change would mean there. Pure. */
export interface BootForecaster {
  readonly id: string
  readonly title: string
  /** Whether a trial can start with another initramfs than the one that boots by default. */
  readonly triesInitramfs: boolean
  /** Whether the running boot came this way, by its own evidence; null = cannot be told. */
  boots(facts: Facts): boolean | null
  forecast(facts: Facts, wanted: Wanted): Forecast | Refusal
}

/** One way in which lanekeeper carries changes out. Everything is pure: acts are data, to be run over SSH by others, and may be repeated. */
export interface BootChain extends BootForecaster {
  /** What has to be read before `arm` and `standDown`. */
  readonly look: readonly Act[]
  /** Trial entry, guard, flag and backups. Nothing boots differently until the last act has succeeded. */
  arm(order: TrialOrder, seen: ActAnswers): readonly Act[] | Refusal
  /** Confirms the trial to the guard, writes the permanent files, generates, and shows the result for `unkept`. */
  keep(order: TrialOrder, trialBootId: string): readonly Act[]
  /** What is not right about what `keep` left; empty = the node will boot so from now on. */
  unkept(order: TrialOrder, seen: ActAnswers): readonly string[]
  /** Closes the trial entry, so that no later boot takes it; with `files`, takes back what `keep` may have written. */
  takeBack(order: TrialOrder, seen: ActAnswers, files: boolean): readonly Act[]
  /** Removes the trial entry, the flag and the guard. Backups stay. */
  standDown(order: TrialOrder, seen: ActAnswers): readonly Act[]
}
