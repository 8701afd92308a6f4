import { endsWell, parseGrubConfig, sourcesCustom } from '../bootconfig/grub-config.ts'
import { type TrialGate, trialBlock, withoutTrial, withTrial } from '../bootconfig/grub-custom.ts'
import { defaultEntry, entryOfKernel, releaseOf } from '../bootconfig/grub-default-entry.ts'
import { differenceOf } from '../bootconfig/kernel-line.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import { type Act, type ActAnswers, act, compileActs, put, sha256 } from './act-script.ts'
import type { BootChain, TrialOrder } from './chain.ts'
import { carryOutEdit, restoreEdit, takeBackEdit } from './file-edit.ts'
import { grubForecast } from './grub-forecast.ts'
import { GUARD_SCRIPT_PATH, GUARD_UNIT, GUARD_UNIT_PATH, guardScript, guardUnit } from './guard.ts'
import { keptIn } from './kept.ts'

const GRUB_CFG = '/boot/grub/grub.cfg'
const CUSTOM_CFG = '/boot/grub/custom.cfg'
const DEFAULT_GRUB = '/etc/default/grub'
/** How long a trial may start, counted from its arming, where only the clock limits it. The guard closes the entry before it goes back. */
const WINDOW_MS = 600_000

/** GRUB with its configuration in /boot/grub: root on ext4, xfs or LVM, Proxmox's default install (FACTS 1.3). */
export const grub: BootChain = {
  id: 'grub',
  title: 'GRUB, configured in /boot/grub',
  triesInitramfs: true,
  boots,
  forecast: grubForecast,
  look: [
    act('tell_boot'),
    act('show', GRUB_CFG),
    act('show', CUSTOM_CFG),
    act('show', '/boot/grub/grubenv'),
    act('tell_clock'),
  ],
  arm,
  keep: (order, trialBootId) => [
    act('confirm', trialBootId),
    ...order.edits.map(carryOutEdit),
    ...order.work.perform,
    act('update_grub'),
    act('remember', GRUB_CFG, noteOf(order)),
    act('show', GRUB_CFG),
    act('show', '/boot/grub/grubenv'),
  ],
  unkept,
  takeBack: (order, seen, files) => [
    ...closeEntry(seen),
    ...(files
      ? [
          ...order.edits.map((edit) => takeBackEdit(edit, keptCopy(order, edit.path))),
          ...order.work.takeBack,
          act('take_back_config', GRUB_CFG, keptCopy(order, GRUB_CFG), noteOf(order)),
        ]
      : []),
  ],
  standDown: (order, seen) => [
    ...closeEntry(seen),
    act('guard_off', GUARD_UNIT),
    ...(order.trial.kind === 'flag' ? [act('flag_drop', order.trial.uuid)] : []),
    ...order.work.tidy,
  ],
}

/** GRUB puts BOOT_IMAGE= on the line; systemd-boot puts initrd=\EFI\… there. An ESP kept by proxmox-boot-tool is another chain (FACTS 1.2). */
function boots({ cmdline, 'boot-tool': tool }: Facts): boolean | null {
  if (!cmdline) return null
  if (cmdline.words.some((word) => /^initrd=\\EFI/i.test(word))) return false
  const image = cmdline.words.find((word) => word.startsWith('BOOT_IMAGE='))
  if (!image) return null
  if (/^BOOT_IMAGE=(\([^)]*\))?\/boot\//.test(image)) return true
  if (!tool) return null
  return !tool.managed
}

const keptCopy = (order: TrialOrder, path: string): string => `${keptIn(order.changeId)}${path}`

/** Where the node keeps the sum of grub.cfg as our own commit left it. */
const noteOf = (order: TrialOrder): string => `${keptCopy(order, GRUB_CFG)}.ours`

function arm(order: TrialOrder, seen: ActAnswers) {
  const config = seen.files.get(GRUB_CFG) ?? ''
  if (!endsWell(config) || !sourcesCustom(config)) {
    return { refused: `${GRUB_CFG} is not whole, or does not read custom.cfg: run update-grub, then diagnose again` }
  }
  const entry = entryOfKernel(parseGrubConfig(config), order.kernel, environmentOf(seen))
  if (isRefusal(entry)) return entry
  const mechanism: TrialGate | Refusal =
    order.trial.kind === 'flag'
      ? { kind: 'flag', uuid: order.trial.uuid, path: '/lanekeeper/grubenv' }
      : windowFrom(seen)
  if (isRefusal(mechanism)) return mechanism
  const block = trialBlock({
    entry,
    words: order.kept,
    changeId: order.changeId,
    mechanism,
    initramfs: order.work.initramfs,
  })
  if (isRefusal(block)) return block
  const existing = seen.files.get(CUSTOM_CFG) ?? null
  const theirs = existing === null ? null : withoutTrial(existing)
  const custom = withTrial(theirs, block)
  const ours = keptIn(order.changeId)
  const kept = [
    ...order.edits.map(({ path }) => path),
    DEFAULT_GRUB,
    GRUB_CFG,
    ...(theirs === null ? [] : [CUSTOM_CFG]),
  ]
  const acts: Act[] = [
    act('same_boot', order.bootId),
    ...order.edits.map(({ path, before }) => act('expect', path, before)),
    ...[...new Set(kept)].map((path) => act('keep', path, keptCopy(order, path))),
    anew(`${ours}/undo.sh`, '700', undoScript(order, theirs, custom)),
    anew(`${ours}/trial.cfg`, '644', custom),
    act('check_grub', `${ours}/trial.cfg`),
    anew(
      GUARD_SCRIPT_PATH,
      '755',
      guardScript(order.changeId, order.guardDeadline, closeEntryShell(order, theirs, custom)),
    ),
    anew(GUARD_UNIT_PATH, '644', guardUnit(order.changeId)),
    act('guard_on', GUARD_UNIT),
    ...(order.trial.kind === 'flag' ? [act('flag_arm', order.trial.uuid, `armed-${order.changeId}`)] : []),
    put(CUSTOM_CFG, '644', existing, custom),
  ]
  return acts
}

/** A file of our own, which an earlier, half-done arming may have left in another form. */
const anew = (path: string, mode: string, text: string): Act => ({
  name: 'anew',
  args: [path, mode, sha256(text)],
  input: text,
})

/** By the hardware clock, which is what GRUB reads. */
function windowFrom(seen: ActAnswers): TrialGate | Refusal {
  const clock = seen.said.get('clock')
  if (clock === undefined) return { refused: 'the hardware clock cannot be read, and only it could end the trial here' }
  const rtc = Number(clock) * 1000
  return { kind: 'window', from: new Date(rtc), to: new Date(rtc + WINDOW_MS) }
}

/** What GRUB's environment block holds; GRUB_DEFAULT stands in the generated file. */
function environmentOf(seen: ActAnswers) {
  const block = new Map(
    (seen.files.get('/boot/grub/grubenv') ?? '')
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  )
  return { savedEntry: block.get('saved_entry') ?? null, nextEntry: block.get('next_entry') ?? null }
}

/** The trial entry goes, whatever else stands in custom.cfg stays. */
function closeEntry(seen: ActAnswers): Act[] {
  const existing = seen.files.get(CUSTOM_CFG) ?? null
  if (existing === null) return []
  const rest = withoutTrial(existing)
  if (rest === existing) return []
  return rest === null ? [act('drop', CUSTOM_CFG, sha256(existing))] : [put(CUSTOM_CFG, '644', existing, rest)]
}

/** The same for the guard, which has no bot to ask. */
const closeEntryShell = (order: TrialOrder, theirs: string | null, custom: string): string => `\
if [ "$(sha256sum <${CUSTOM_CFG} | cut -d ' ' -f 1)" = ${sha256(custom)} ]; then
  ${theirs === null ? `rm -f ${CUSTOM_CFG}` : `cp -p ${keptCopy(order, CUSTOM_CFG)} ${CUSTOM_CFG}.old && mv -f ${CUSTOM_CFG}.old ${CUSTOM_CFG}`}
fi`

function unkept(order: TrialOrder, seen: ActAnswers): readonly string[] {
  const config = seen.files.get(GRUB_CFG) ?? ''
  if (!endsWell(config)) return [`${GRUB_CFG} was not written to its end`]
  const entry = defaultEntry(parseGrubConfig(config), environmentOf(seen))
  if (isRefusal(entry)) return [entry.refused]
  if (releaseOf(entry.image) !== order.kernel) {
    return [`${GRUB_CFG} would boot ${releaseOf(entry.image)}, and ${order.kernel} was tried`]
  }
  const { add, remove } = differenceOf(order.kept, entry.words)
  return [
    ...add.map((word) => `${GRUB_CFG} holds ${word}, which was not tried`),
    ...remove.map((word) => `${GRUB_CFG} lacks ${word}`),
  ]
}

/** What a person runs on the node to take the change back without the bot. */
const undoScript = (order: TrialOrder, theirs: string | null, custom: string): string =>
  compileActs([
    act('alone'),
    ...order.edits.map((edit) => restoreEdit(edit, keptCopy(order, edit.path))),
    ...order.work.takeBack,
    theirs === null
      ? act('drop_ours', CUSTOM_CFG, sha256(custom))
      : act('take_back', CUSTOM_CFG, keptCopy(order, CUSTOM_CFG), sha256(custom)),
    act('guard_off', GUARD_UNIT),
    act('update_grub'),
  ])
