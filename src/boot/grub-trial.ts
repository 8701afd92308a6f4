import { endsWell, type GrubConfig, parseGrubConfig, sourcesCustom } from '../bootconfig/grub-config.ts'
import { type TrialGate, trialBlock, withoutTrial, withTrial } from '../bootconfig/grub-custom.ts'
import { defaultEntry, entryOfKernel, releaseOf } from '../bootconfig/grub-default-entry.ts'
import { differenceOf } from '../bootconfig/kernel-line.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import { type Act, type ActAnswers, act, put, sha256 } from './act-script.ts'
import type { TrialOrder } from './chain.ts'
import { GUARD_UNIT } from './guard.ts'

/** Where a GRUB has its generated configuration, what people add to it, and its environment block. */
export interface GrubFolder {
  readonly config: string
  readonly custom: string
  readonly environment: string
}

/** Where the flag lies on the file system that GRUB spends it on. */
export const FLAG_PATH = '/lanekeeper/grubenv'

/** custom.cfg with the trial in it, and what stood there before; null = there was no such file. */
export interface CustomWithTrial {
  readonly existing: string | null
  readonly theirs: string | null
  readonly text: string
}

/** The trial of an order for the GRUB that reads this folder: its default entry with other words, behind the gate. */
export function trialIn(
  folder: GrubFolder,
  order: TrialOrder,
  seen: ActAnswers,
  mechanism: TrialGate,
): CustomWithTrial | Refusal {
  const config = seen.files.get(folder.config) ?? ''
  if (!endsWell(config) || !sourcesCustom(config)) {
    return {
      refused: `${folder.config} is not whole, or does not read custom.cfg: run update-grub, then diagnose again`,
    }
  }
  const entry = entryOfKernel(parseGrubConfig(config), order.kernel, environmentOf(seen, folder))
  if (isRefusal(entry)) return entry
  const { kept, changeId, work } = order
  const block = trialBlock({ entry, words: kept, changeId, mechanism, initramfs: work.initramfs })
  if (isRefusal(block)) return block
  const existing = seen.files.get(folder.custom) ?? null
  const theirs = existing === null ? null : withoutTrial(existing)
  return { existing, theirs, text: withTrial(theirs, block) }
}

/** The act by which the trial entry goes; whatever else stands in custom.cfg stays. */
export function closingAct({ custom }: GrubFolder, seen: ActAnswers): Act | undefined {
  const existing = seen.files.get(custom) ?? null
  if (existing === null) return
  const rest = withoutTrial(existing)
  if (rest === existing) return
  return rest === null ? act('drop', custom, sha256(existing)) : put(custom, '644', existing, rest)
}

/** The act after which GRUB finds no flag any more; none where the trial has none. */
export const flagGoes = ({ trial }: TrialOrder): Act[] => (trial.kind === 'flag' ? [act('flag_drop', trial.uuid)] : [])

/** The act that takes the guard away, where no flag is left that could start the trial once more. */
export const guardGoes = ({ trial }: TrialOrder): Act =>
  trial.kind === 'flag' ? act('guard_off', GUARD_UNIT, trial.uuid) : act('guard_off', GUARD_UNIT)

/** What is not right about a generated configuration: not whole, another kernel, other words than those that were tried. */
export function unkeptIn(folder: GrubFolder, order: TrialOrder, seen: ActAnswers): readonly string[] {
  const text = seen.files.get(folder.config) ?? ''
  if (!endsWell(text)) return [`${folder.config} was not written to its end`]
  const config: GrubConfig | Refusal = parseGrubConfig(text)
  const entry = defaultEntry(config, environmentOf(seen, folder))
  if (isRefusal(entry)) return [entry.refused]
  if (releaseOf(entry.image) !== order.kernel) {
    return [`${folder.config} would boot ${releaseOf(entry.image)}, and ${order.kernel} was tried`]
  }
  const { add, remove } = differenceOf(order.kept, entry.words)
  return [
    ...add.map((word) => `${folder.config} holds ${word}, which was not tried`),
    ...remove.map((word) => `${folder.config} lacks ${word}`),
  ]
}

/** What GRUB's environment block holds; GRUB_DEFAULT stands in the generated file. */
function environmentOf(seen: ActAnswers, { environment }: GrubFolder) {
  const block = new Map(
    (seen.files.get(environment) ?? '')
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  )
  return { savedEntry: block.get('saved_entry') ?? null, nextEntry: block.get('next_entry') ?? null }
}
