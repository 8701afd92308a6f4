import { splitWords } from '../bootconfig/kernel-line.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { Facts, Known } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import type { BootForecaster, Forecast, Wanted } from './chain.ts'
import { editedCmdline } from './cmdline-edit.ts'
import { checkNextLine } from './next-line.ts'

const NEEDS = ['cmdline', 'kernel-cmdline-file', 'boot-tool', 'kernels'] as const satisfies ProbeName[]
type Ground = Known<(typeof NEEDS)[number]> & Facts

/** systemd-boot on ESPs that proxmox-boot-tool keeps: root on ZFS or btrfs under UEFI, without Secure Boot (FACTS 1.3). Only forecast: no trial is proven there. */
export const systemdBoot: BootForecaster = {
  id: 'systemd-boot',
  title: 'systemd-boot, on ESPs kept by proxmox-boot-tool',
  triesInitramfs: false,
  boots,
  forecast,
}

const NO_TRIAL: Refusal = {
  refused:
    'lanekeeper knows no proven way to try a boot exactly once under systemd-boot, so it carries nothing out there',
  hint: 'a person edits /etc/kernel/cmdline, runs proxmox-boot-tool refresh and reboots, with the console of the node at hand',
}

/** systemd-boot puts `initrd=\EFI\proxmox\…` on the line and names itself in LoaderInfo; GRUB 2.12 names itself there too (FACTS 1.2). */
function boots({ cmdline, 'boot-loader': loader, 'boot-tool': tool, firmware }: Facts): boolean | null {
  if (!cmdline) return null
  const byGrub = cmdline.words.some((word) => word.startsWith('BOOT_IMAGE='))
  const byEntry = cmdline.words.some((word) => /^initrd=\\EFI\\proxmox\\/i.test(word))
  if (!byEntry) return byGrub ? false : null
  if (byGrub || !loader?.loaderInfo || !tool) return null
  const agrees = /^systemd-boot/i.test(loader.loaderInfo) && tool.managed
  const biosBoot = tool.booted === 'bios' || firmware?.efi === false
  return agrees && !biosBoot ? true : null
}

function forecast(facts: Facts, wanted: Wanted): Forecast | Refusal {
  const missing = NEEDS.filter((name) => facts[name] === undefined)
  if (missing.length > 0) return { refused: `the boot configuration could not be read whole (${missing.join(', ')})` }
  const ground = facts as Ground
  const stale = notRefreshed(ground)
  if (stale) return stale
  const edited = editedCmdline(ground['kernel-cmdline-file'], wanted)
  if (isRefusal(edited)) return edited
  const kernel = kernelThatBoots(ground)
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
    trial: NO_TRIAL,
  }
}

/** An ESP that GRUB is set up on gets GRUB's files alone from a refresh; its systemd-boot entries go stale (FACTS 1.2, trap). */
function notRefreshed({ 'boot-tool': { esps } }: Ground): Refusal | undefined {
  if (esps.length === 0) return { refused: 'proxmox-boot-tool shows no ESP that it keeps' }
  const other = esps.find(({ loaders }) => loaders.length !== 1 || loaders[0]?.kind !== 'uefi')
  return (
    other && {
      refused: `the ESP ${other.uuid} is not set up for systemd-boot alone, so a refresh may leave the entries that boot as they are`,
      hint: 'look at "proxmox-boot-tool status", and set the ESP up again with "proxmox-boot-tool init"',
    }
  )
}

/** The pinned kernel, else the newest; and only where every ESP already has it (FACTS 1.4). */
function kernelThatBoots({ kernels, 'boot-tool': { esps } }: Ground): { release: string } | Refusal {
  if (kernels.nextBoot !== null) {
    return {
      refused: `kernel ${kernels.nextBoot} is pinned for the next boot only, and another one would follow it`,
      hint: 'clear it first: proxmox-boot-tool kernel unpin --next-boot',
    }
  }
  const only = kernels.installed.length === 1 ? kernels.installed[0] : undefined
  const release = kernels.pinned ?? kernels.default ?? only
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
