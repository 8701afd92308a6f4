import type { TrialGate } from '../bootconfig/grub-custom.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import { type Act, type ActAnswers, act, anew, ifItCan, put, sha256 } from './act-script.ts'
import type { BootChain, TrialOrder } from './chain.ts'
import { carryOutEdit, takeBackEdit } from './file-edit.ts'
import { grubForecast } from './grub-forecast.ts'
import { closingAct, FLAG_PATH, flagGoes, type GrubFolder, guardGoes, trialIn, unkeptIn } from './grub-trial.ts'
import { guardActs } from './guard.ts'
import { keptCopy, keptIn } from './kept.ts'
import { undoScript } from './undo-script.ts'

const GRUB_CFG = '/boot/grub/grub.cfg'
const CUSTOM_CFG = '/boot/grub/custom.cfg'
const GRUB_ENV = '/boot/grub/grubenv'
const FOLDER: GrubFolder = { config: GRUB_CFG, custom: CUSTOM_CFG, environment: GRUB_ENV }
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
  look: [act('tell_boot'), act('show', GRUB_CFG), act('show', CUSTOM_CFG), act('show', GRUB_ENV), act('tell_clock')],
  arm,
  keep: (order, trialBootId) => [
    act('confirm', trialBootId),
    ...order.edits.map(carryOutEdit),
    ...order.work.perform,
    act('update_grub'),
    act('remember', GRUB_CFG, noteOf(order)),
    act('show', GRUB_CFG),
    act('show', GRUB_ENV),
  ],
  unkept: (order, seen) => unkeptIn(FOLDER, order, seen),
  takeBack: (order, seen, files) => [
    // A flag is spent by now: a disk that cannot be written any more must not keep the node in the trial.
    ...closeEntry(seen).map((close) => (order.trial.kind === 'flag' ? ifItCan(close) : close)),
    ...(files
      ? [
          ...order.edits.map((edit) => takeBackEdit(edit, keptCopy(order.changeId, edit.path))),
          ...order.work.takeBack,
          act('take_back_config', GRUB_CFG, keptCopy(order.changeId, GRUB_CFG), noteOf(order)),
        ]
      : []),
  ],
  standDown: (order, seen) => [...closeEntry(seen), ...flagGoes(order), guardGoes(order), ...order.work.tidy],
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

/** Where the node keeps the sum of grub.cfg as our own commit left it. */
const noteOf = (order: TrialOrder): string => `${keptCopy(order.changeId, GRUB_CFG)}.ours`

function arm(order: TrialOrder, seen: ActAnswers) {
  const mechanism: TrialGate | Refusal =
    order.trial.kind === 'flag' ? { kind: 'flag', uuid: order.trial.uuid, path: FLAG_PATH } : windowFrom(seen)
  if (isRefusal(mechanism)) return mechanism
  const trial = trialIn(FOLDER, order, seen, mechanism)
  if (isRefusal(trial)) return trial
  const { existing, theirs, text: custom } = trial
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
    ...[...new Set(kept)].map((path) => act('keep', path, keptCopy(order.changeId, path))),
    anew(`${ours}/undo.sh`, '700', undoScript(order, disarm(order, theirs, custom), act('update_grub'))),
    anew(`${ours}/trial.cfg`, '644', custom),
    act('check_grub', `${ours}/trial.cfg`),
    ...guardActs(order, closeEntryShell(order, theirs, custom)),
    ...(order.trial.kind === 'flag' ? [act('flag_arm', order.trial.uuid, `armed-${order.changeId}`)] : []),
    put(CUSTOM_CFG, '644', existing, custom),
  ]
  return acts
}

/** By the hardware clock, which is what GRUB reads. */
function windowFrom(seen: ActAnswers): TrialGate | Refusal {
  const clock = seen.said.get('clock')
  if (clock === undefined) return { refused: 'the hardware clock cannot be read, and only it could end the trial here' }
  const rtc = Number(clock) * 1000
  return { kind: 'window', from: new Date(rtc), to: new Date(rtc + WINDOW_MS) }
}

/** The trial entry goes, whatever else stands in custom.cfg stays. */
function closeEntry(seen: ActAnswers): Act[] {
  const close = closingAct(FOLDER, seen)
  return close ? [close] : []
}

/** The same for the guard, which has no bot to ask. */
const closeEntryShell = (order: TrialOrder, theirs: string | null, custom: string): string => `\
if [ "$(sha256sum <${CUSTOM_CFG} | cut -d ' ' -f 1)" = ${sha256(custom)} ]; then
  ${theirs === null ? `rm -f ${CUSTOM_CFG}` : `cp -p ${keptCopy(order.changeId, CUSTOM_CFG)} ${CUSTOM_CFG}.old && mv -f ${CUSTOM_CFG}.old ${CUSTOM_CFG}`}
fi`

/** The same for undo.sh, which leaves alone what somebody else wrote since: then the flag is what ends the trial, or the end of its time window. */
const disarm = (order: TrialOrder, theirs: string | null, custom: string): Act[] => [
  theirs === null
    ? act('drop_ours', CUSTOM_CFG, sha256(custom))
    : act('take_back', CUSTOM_CFG, keptCopy(order.changeId, CUSTOM_CFG), sha256(custom)),
  ...flagGoes(order),
]
