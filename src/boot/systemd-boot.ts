import { newestOf } from '../bootconfig/entry-order.ts'
import { differenceOf } from '../bootconfig/kernel-line.ts'
import { defaultEntryOf, entryWords, proxmoxEntryName, trialEntry, trialEntryName } from '../bootconfig/loader-entry.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import { type Act, type ActAnswers, act, anew, ifItCan, sha256 } from './act-script.ts'
import type { BootChain, TrialOrder } from './chain.ts'
import { carryOutEdit, takeBackEdit } from './file-edit.ts'
import { goneEsps, refuseGone } from './gone-esps.ts'
import { GUARD_UNIT, guardActs } from './guard.ts'
import { beginOnEsps, keptCopy, keptIn, refreshEspsAgain } from './kept.ts'
import { bootsBySystemdBoot, systemdBootForecast } from './systemd-boot-forecast.ts'
import { undoScript } from './undo-script.ts'

const LOADER_CONF = '/loader/loader.conf'
const ENTRIES = '/loader/entries'

/**
 * systemd-boot on ESPs that proxmox-boot-tool keeps: root on ZFS or btrfs under UEFI, without Secure Boot (FACTS 1.3). The trial
 * is an entry on every ESP, started by the variable LoaderEntryOneShot, which systemd-boot deletes before it boots (FACTS 1.7).
 */
export const systemdBoot: BootChain = {
  id: 'systemd-boot',
  title: 'systemd-boot, on ESPs kept by proxmox-boot-tool',
  triesInitramfs: false,
  boots: bootsBySystemdBoot,
  forecast: systemdBootForecast,
  look: [act('tell_boot'), act('tell_default_entry'), act('show_esps')],
  arm,
  keep: (order, trialBootId) => [
    act('confirm', trialBootId),
    beginOnEsps(order.changeId),
    ...order.edits.map(carryOutEdit),
    ...order.work.perform,
    act('refresh_esps'),
    act('show_esps'),
    act('tell_default_entry'),
  ],
  unkept,
  takeBack: (order, _seen, files) => [
    // The order is spent by now: a disk that cannot be written any more must not keep the node in the trial.
    ...closeEntry(order).map(ifItCan),
    ...(files
      ? [
          ...order.edits.map((edit) => takeBackEdit(edit, keptCopy(order.changeId, edit.path))),
          ...order.work.takeBack,
          refreshEspsAgain(order.changeId),
        ]
      : []),
  ],
  standDown: (order) => [...closeEntry(order), act('guard_off', GUARD_UNIT), ...order.work.tidy],
}

/** The trial cannot start any more, and its entry is gone from every ESP. */
function closeEntry({ changeId }: TrialOrder): Act[] {
  const name = trialEntryName(changeId)
  return [act('oneshot_drop', name), act('drop_on_esps', `${ENTRIES}/${name}`)]
}

function arm(order: TrialOrder, seen: ActAnswers): readonly Act[] | Refusal {
  const gone = refuseGone(seen)
  if (gone) return gone
  const wrong = wrongDefault(seen, null)
  if (wrong) return { refused: wrong, hint: 'look at "bootctl status", and run "proxmox-boot-tool refresh"' }
  const now = entriesOf(seen, order.kernel)
  const [text, ...others] = now.values()
  if (text === undefined || now.size < espsIn(seen).length) {
    return {
      refused: `an ESP has no entry for kernel ${order.kernel}`,
      hint: 'run "proxmox-boot-tool refresh", then diagnose again',
    }
  }
  if (others.some((other) => other !== text)) {
    return {
      refused: 'the ESPs hold different entries for the same kernel',
      hint: 'run "proxmox-boot-tool refresh", then diagnose again',
    }
  }
  const trial = trialEntry(text, order.kept, order.changeId)
  if (isRefusal(trial)) return trial
  const name = trialEntryName(order.changeId)
  return [
    act('same_boot', order.bootId),
    act('expect_default_on_esps'),
    ...order.edits.map(({ path, before }) => act('expect', path, before)),
    ...order.edits.map(({ path }) => act('keep', path, keptCopy(order.changeId, path))),
    anew(`${keptIn(order.changeId)}/undo.sh`, '700', undoScript(order, closeEntry(order), act('refresh_esps'))),
    // The variable is spent by then, unless the firmware did not let systemd-boot delete it, which goes on unasked.
    ...guardActs(order, 'bootctl set-oneshot ""'),
    { name: 'write_on_esps', args: [`${ENTRIES}/${name}`, sha256(trial)], input: trial },
    act('oneshot_arm', name),
  ]
}

/** The ESPs that were read, by UUID. */
const espsIn = ({ files }: ActAnswers): string[] => [
  ...new Set([...files.keys()].flatMap((key) => /^([0-9A-F-]+):/i.exec(key)?.[1] ?? [])),
]

/** The entry of a kernel on each ESP that has one, by UUID. */
const entriesOf = ({ files }: ActAnswers, kernel: string): ReadonlyMap<string, string> =>
  new Map(
    [...files].flatMap(([key, text]) => {
      const [uuid = '', path] = key.split(':')
      return path === `${ENTRIES}/${proxmoxEntryName(kernel)}` && text !== null ? [[uuid, text] as const] : []
    }),
  )

/** The kernels that an ESP has an entry of. */
const kernelsOn = (uuid: string, { files }: ActAnswers): string[] =>
  [...files.keys()].flatMap((key) => {
    const [on, path = ''] = key.split(':')
    return on === uuid ? (/^\/loader\/entries\/proxmox-(.+)\.conf$/.exec(path)?.[1] ?? []) : []
  })

/** What stands in the way of one of Proxmox's entries being the default; `kernel`: of which kernel it has to be, null = of any. */
function wrongDefault(seen: ActAnswers, kernel: string | null): string | undefined {
  const chosen = seen.said.get('default-entry') ?? ''
  const wrong = (name: string | null, uuid: string): string | undefined => {
    if (!name?.startsWith('proxmox-')) return 'does not name one of Proxmox’s entries'
    if (kernel === null || name === proxmoxEntryName(kernel)) return
    const newest = name === 'proxmox-*' ? newestOf(kernelsOn(uuid, seen)) : undefined
    return newest === kernel ? undefined : `names ${name}${newest === undefined ? '' : `, which is kernel ${newest}`}`
  }
  const not = kernel === null ? '' : ` and not kernel ${kernel}`
  for (const uuid of espsIn(seen)) {
    const remembered = chosen === '' ? undefined : wrong(chosen, uuid)
    if (remembered) return `the default entry that the firmware remembers (LoaderEntryDefault) ${remembered}${not}`
    const named = wrong(defaultEntryOf(seen.files.get(`${uuid}:${LOADER_CONF}`) ?? ''), uuid)
    if (named) return `loader.conf on the ESP ${uuid} ${named}${not}`
  }
  return
}

function unkept(order: TrialOrder, seen: ActAnswers): readonly string[] {
  const esps = espsIn(seen)
  if (esps.length === 0) return ['no ESP could be read back']
  const wrong = wrongDefault(seen, order.kernel)
  const entries = entriesOf(seen, order.kernel)
  return [
    ...goneEsps(seen),
    ...(wrong ? [wrong] : []),
    ...esps.flatMap((uuid) => {
      const text = entries.get(uuid)
      if (text === undefined) return [`the ESP ${uuid} has no entry for kernel ${order.kernel}`]
      const { add, remove } = differenceOf(order.kept, entryWords(text))
      return [
        ...add.map((word) => `the ESP ${uuid} holds ${word}, which was not tried`),
        ...remove.map((word) => `the ESP ${uuid} lacks ${word}`),
      ]
    }),
  ]
}
