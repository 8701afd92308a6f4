import { isRefusal, type Refusal } from '../errors.ts'
import { type Act, type ActAnswers, act, anew, ifItCan, put, sha256 } from './act-script.ts'
import type { BootChain, TrialOrder } from './chain.ts'
import { carryOutEdit, takeBackEdit } from './file-edit.ts'
import { goneEsps, refuseGone } from './gone-esps.ts'
import { bootsByGrubOnEsp, grubEspForecast } from './grub-esp-forecast.ts'
import {
  type CustomWithTrial,
  closingAct,
  FLAG_PATH,
  flagGoes,
  type GrubFolder,
  guardGoes,
  trialIn,
  unkeptIn,
} from './grub-trial.ts'
import { guardActs } from './guard.ts'
import { beginOnEsps, keptCopy, keptIn, refreshEspsAgain } from './kept.ts'
import { undoScript } from './undo-script.ts'

const CUSTOM_CFG = '/grub/custom.cfg'
const DEFAULT_GRUB = '/etc/default/grub'

/**
 * GRUB on ESPs that proxmox-boot-tool keeps: root on ZFS or btrfs, with a legacy BIOS or Secure Boot (FACTS 1.3). Which ESP the
 * firmware starts is not known, so the trial stands in custom.cfg on every one; its one flag lies on one of them, where GRUB can write.
 */
export const grubEsp: BootChain = {
  id: 'grub-esp',
  title: 'GRUB, on ESPs kept by proxmox-boot-tool',
  triesInitramfs: false,
  boots: bootsByGrubOnEsp,
  forecast: grubEspForecast,
  look: [act('tell_boot'), act('show_esps')],
  arm,
  keep: (order, trialBootId) => [
    act('confirm', trialBootId),
    beginOnEsps(order.changeId),
    ...order.edits.map(carryOutEdit),
    ...order.work.perform,
    act('refresh_esps'),
    act('show_esps'),
  ],
  unkept: (order, seen) => {
    const esps = espsIn(seen)
    return esps.length === 0
      ? ['no ESP with a configuration of GRUB could be read back']
      : [...goneEsps(seen), ...esps.flatMap((uuid) => unkeptIn(folderOn(uuid), order, seen))]
  },
  takeBack: (order, seen, files) => [
    // The flag is spent by now: a disk that cannot be written any more must not keep the node in the trial.
    ...closeEntries(seen).map(ifItCan),
    ...(files
      ? [
          ...order.edits.map((edit) => takeBackEdit(edit, keptCopy(order.changeId, edit.path))),
          ...order.work.takeBack,
          refreshEspsAgain(order.changeId),
        ]
      : []),
  ],
  standDown: (order, seen) => [...closeEntries(seen), ...flagGoes(order), guardGoes(order), ...order.work.tidy],
}

/** Files on an ESP are named `UUID:/path`. */
const folderOn = (uuid: string): GrubFolder => ({
  config: `${uuid}:/grub/grub.cfg`,
  custom: `${uuid}:${CUSTOM_CFG}`,
  environment: `${uuid}:/grub/grubenv`,
})

const espsIn = ({ files }: ActAnswers): string[] =>
  [...files.keys()].flatMap((key) => /^([^:/]+):\/grub\/grub\.cfg$/.exec(key)?.[1] ?? [])

/** An act on a file, done on a file of an ESP. */
const onEsp = (uuid: string, { name, args: [path = '', ...args], input }: Act): Act => ({
  name: 'on_esp',
  args: [uuid, name, path.slice(path.indexOf('/')), ...args],
  ...(input === undefined ? {} : { input }),
})

/** The same where that ESP is still there: going back does not wait for a disk that died. */
const onEspIfThere = (uuid: string, act: Act): Act => ({ ...onEsp(uuid, act), name: 'on_esp_if_there' })

function closeEntries(seen: ActAnswers): Act[] {
  return espsIn(seen).flatMap((uuid) => {
    const close = closingAct(folderOn(uuid), seen)
    return close ? [onEspIfThere(uuid, close)] : []
  })
}

function arm(order: TrialOrder, seen: ActAnswers): readonly Act[] | Refusal {
  const { trial: flag } = order
  if (flag.kind !== 'flag') return { refused: 'without a flag that GRUB spends on an ESP nothing can be tried here' }
  const esps = espsIn(seen)
  const gone = refuseGone(seen)
  if (gone) return gone
  if (!esps.includes(flag.uuid)) {
    return { refused: `the ESP ${flag.uuid} has no configuration of GRUB`, hint: 'run "proxmox-boot-tool refresh"' }
  }
  const trials: [uuid: string, trial: CustomWithTrial][] = []
  for (const uuid of esps) {
    const trial = trialIn(folderOn(uuid), order, seen, { kind: 'flag', uuid: flag.uuid, path: FLAG_PATH })
    if (isRefusal(trial)) return trial
    trials.push([uuid, trial])
  }
  const ours = keptIn(order.changeId)
  const kept = new Set([...order.edits.map(({ path }) => path), DEFAULT_GRUB])
  return [
    act('same_boot', order.bootId),
    act('expect_default_on_esps'),
    ...order.edits.map(({ path, before }) => act('expect', path, before)),
    ...[...kept].map((path) => act('keep', path, keptCopy(order.changeId, path))),
    anew(`${ours}/undo.sh`, '700', undoScript(order, disarm(order, trials), act('refresh_esps'))),
    ...trials.flatMap(([uuid, { text }]) => [
      anew(`${ours}/trial-${uuid}.cfg`, '644', text),
      act('check_grub', `${ours}/trial-${uuid}.cfg`),
    ]),
    // The flag is spent by then: the next boot is the old one, whatever the guard does.
    ...guardActs(order, ':'),
    act('flag_arm', flag.uuid, `armed-${order.changeId}`),
    ...trials.map(([uuid, { existing, text }]) => onEsp(uuid, put(CUSTOM_CFG, '644', existing, text))),
  ]
}

/** For undo.sh, which leaves alone what somebody else wrote since: then the flag is what ends the trial. */
const disarm = (order: TrialOrder, trials: readonly (readonly [string, CustomWithTrial])[]): Act[] => [
  ...trials.map(([uuid, { theirs, text }]) =>
    onEspIfThere(
      uuid,
      theirs === null
        ? act('drop_ours', CUSTOM_CFG, sha256(text))
        : { name: 'give_back', args: [CUSTOM_CFG, sha256(text), sha256(theirs)], input: theirs },
    ),
  ),
  ...flagGoes(order),
]
