import { isProxmoxKernel, newestOf } from '../bootconfig/entry-order.ts'
import { splitWords } from '../bootconfig/kernel-line.ts'
import { proxmoxEntryName } from '../bootconfig/loader-entry.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { Facts, Known } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import type { Forecast, TrialMechanism, Wanted } from './chain.ts'
import { editedCmdline } from './cmdline-edit.ts'
import { lostEsp } from './gone-esps.ts'
import { checkNextLine } from './next-line.ts'
import { pinnedForNextBoot } from './next-pin.ts'

const NEEDS = ['cmdline', 'kernel-cmdline-file', 'boot-tool', 'kernels'] as const satisfies ProbeName[]
type Ground = Known<(typeof NEEDS)[number]> & Facts

/** systemd-boot puts `initrd=\EFI\proxmox\…` on the line and names itself in LoaderInfo; GRUB 2.12 names itself there too (FACTS 1.2). */
export function bootsBySystemdBoot({
  cmdline,
  'boot-loader': loader,
  'boot-tool': tool,
  firmware,
}: Facts): boolean | null {
  if (!cmdline) return null
  const byGrub = cmdline.words.some((word) => word.startsWith('BOOT_IMAGE='))
  const byEntry = cmdline.words.some((word) => /^initrd=\\EFI\\proxmox\\/i.test(word))
  if (!byEntry) return byGrub ? false : null
  if (byGrub || !loader?.loaderInfo || !tool) return null
  const agrees = /^systemd-boot/i.test(loader.loaderInfo) && tool.managed
  const biosBoot = tool.booted === 'bios' || firmware?.efi === false
  return agrees && !biosBoot ? true : null
}

/** What a change means on a node that systemd-boot starts: the edit of /etc/kernel/cmdline, the line to come, and how to try it. */
export function systemdBootForecast(facts: Facts, wanted: Wanted): Forecast | Refusal {
  const missing = NEEDS.filter((name) => facts[name] === undefined)
  if (missing.length > 0) return { refused: `the boot configuration could not be read whole (${missing.join(', ')})` }
  const ground = facts as Ground
  const stale = notRefreshed(ground) ?? pinNotThere(ground)
  if (stale) return stale
  const edited = editedCmdline(ground['kernel-cmdline-file'], wanted)
  if (isRefusal(edited)) return edited
  const kernel = wanted.kernel === undefined ? kernelThatBoots(ground) : installed(ground, wanted.kernel)
  if (isRefusal(kernel)) return kernel
  const now = splitWords(ground.cmdline.line).filter((word) => !/^initrd=\\EFI\\/i.test(word))
  const kept = edited.after
  const blocked = checkNextLine(now, kept, edited.restores)
  if (blocked) return blocked
  return {
    edits: edited.edits,
    commands: ['proxmox-boot-tool refresh'],
    now,
    kept,
    kernel: kernel.release,
    trial: mechanismOf(ground),
  }
}

/** An ESP that GRUB is set up on gets GRUB's files alone from a refresh; its systemd-boot entries go stale (FACTS 1.2, trap). */
function notRefreshed(ground: Ground): Refusal | undefined {
  const { esps } = ground['boot-tool']
  const lost = lostEsp(ground)
  if (lost) return lost
  if (esps.length === 0) return { refused: 'proxmox-boot-tool shows no ESP that it keeps' }
  const other = esps.find(({ loaders }) => loaders.length !== 1 || loaders[0]?.kind !== 'uefi')
  return (
    other && {
      refused: `the ESP ${other.uuid} is not set up for systemd-boot alone, so a refresh may leave the entries that boot as they are`,
      hint: 'look at "proxmox-boot-tool status", and set the ESP up again with "proxmox-boot-tool init"',
    }
  )
}

/** A pin for the next boot only, one that has not come to loader.conf, or an update of Proxmox that has written it anew without the pin (FACTS 1.3). */
function pinNotThere({ kernels: { pinned, nextBoot }, 'loader-defaults': defaults }: Ground): Refusal | undefined {
  if (nextBoot !== null) return pinnedForNextBoot(nextBoot)
  const expected = pinned === null ? 'proxmox-*' : proxmoxEntryName(pinned)
  const other = defaults?.find(({ entry }) => entry !== expected)
  if (!other) return
  const pin = pinned === null ? 'no kernel is pinned' : `kernel ${pinned} is pinned`
  return {
    refused: `${pin}, and the ESP ${other.uuid} starts ${other.entry ?? 'no entry by name'}: a refresh would change which kernel boots, too`,
    hint: 'run "proxmox-boot-tool refresh", or change the pin, then diagnose again',
  }
}

/** The pinned kernel, else the newest; and only where every ESP already has it (FACTS 1.4). */
function kernelThatBoots({ kernels, 'boot-tool': { esps } }: Ground): { release: string } | Refusal {
  const held = esps.flatMap(({ loaders }) => loaders.flatMap(({ versions }) => versions))
  const release = kernels.pinned ?? newestOf([...kernels.installed.filter(isProxmoxKernel), ...held])
  if (release === undefined) return { refused: 'which kernel boots by default cannot be told' }
  const lacking = esps.find(({ loaders }) => !loaders.some(({ versions }) => versions.includes(release)))
  if (lacking) {
    return {
      refused: `which kernel boots cannot be told: it should be ${release}, and the ESP ${lacking.uuid} does not hold it`,
      hint: 'look at "proxmox-boot-tool kernel list" and "proxmox-boot-tool status", run "proxmox-boot-tool refresh", then diagnose again',
    }
  }
  return { release }
}

/** Another kernel that every ESP already has. */
function installed({ 'boot-tool': { esps } }: Ground, release: string): { release: string } | Refusal {
  const lacking = esps.find(({ loaders }) => !loaders.some(({ versions }) => versions.includes(release)))
  return lacking
    ? {
        refused: `the ESP ${lacking.uuid} does not hold kernel ${release}`,
        hint: 'add it with "proxmox-boot-tool kernel add" and "proxmox-boot-tool refresh", then diagnose again',
      }
    : { release }
}

/** Until then systemd-boot took `.conf` off the names of its entries, and `default proxmox-….conf` or an order by that name named none. */
const FIRST_BY_WHOLE_NAME = 245

/** How this node can start an entry exactly once (FACTS 1.7). */
function mechanismOf({ 'boot-loader': loader }: Ground): TrialMechanism | Refusal {
  if (loader?.bootctl === undefined || loader.efivarsWritable === undefined)
    return { refused: 'whether a boot could be tried exactly once could not be read (bootctl, EFI variables)' }
  const version = Number(/^systemd-boot v?(\d+)/i.exec(loader.loaderInfo ?? '')?.[1])
  if (!(version >= FIRST_BY_WHOLE_NAME))
    return {
      refused: `the ESP holds ${loader.loaderInfo}, which does not find an entry by the name that Proxmox gives it`,
      hint: 'bring it up to date: proxmox-boot-tool reinit, then proxmox-boot-tool refresh',
    }
  if (!loader.bootctl)
    return {
      refused: 'the node lacks bootctl, which tells systemd-boot what to start once',
      hint: 'apt install systemd-boot (Debian 12) or systemd-boot-tools (Debian 13) brings it',
    }
  if (!loader.efivarsWritable)
    return { refused: 'the EFI variables cannot be written, so systemd-boot cannot be told what to start once' }
  return { kind: 'one-shot' }
}
