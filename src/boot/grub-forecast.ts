import { isTrialWord } from '../bootconfig/grub-custom.ts'
import { splitWords } from '../bootconfig/kernel-line.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { Facts, Known } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'
import type { Forecast, TrialMechanism, Wanted } from './chain.ts'
import { editedDefaults } from './grub-edits.ts'
import { checkNextLine } from './next-line.ts'
import { pinnedForNextBoot } from './next-pin.ts'

const NEEDS = ['cmdline', 'default-grub', 'grub-cfg'] as const satisfies ProbeName[]
type Ground = Known<(typeof NEEDS)[number]> & Facts

/** What a change means on a node that GRUB boots from /boot/grub: edits, the line to come, and how to try it. */
export function grubForecast(facts: Facts, wanted: Wanted): Forecast | Refusal {
  const missing = NEEDS.filter((name) => facts[name] === undefined)
  if (missing.length > 0) return { refused: `the boot configuration could not be read whole (${missing.join(', ')})` }
  const ground = facts as Ground
  const values = editedDefaults(ground, wanted)
  if (isRefusal(values)) return values
  const next = facts.kernels?.nextBoot
  if (next != null) return pinnedForNextBoot(next)
  const entry = wanted.kernel === undefined ? entryThatBoots(ground) : entryOf(ground, wanted.kernel)
  if (isRefusal(entry)) return entry
  const now = runningWords(ground.cmdline.line)
  const kept = keptWords(entry.words, values.before, values.after)
  const blocked = checkNextLine(now, kept, values.restores)
  if (blocked) return blocked
  const trial = mechanismOf(ground)
  return { edits: values.edits, commands: ['update-grub'], now, kept, kernel: entry.kernel, trial }
}

/** The running words that a configuration accounts for. A kept trial boot goes on with its marker and its `panic=`. */
function runningWords(line: string): string[] {
  const words = splitWords(line).filter((word) => !/^(BOOT_IMAGE|initrd)=/.test(word))
  if (!words.some((word) => word.startsWith('lanekeeper.trial='))) return words
  return words.filter((word) => !isTrialWord(word))
}

/** The generated entry that GRUB starts when nobody touches a key, by the rules of 00_header. */
function entryThatBoots({
  'grub-cfg': entries,
  'grub-env': env,
}: Ground): { words: readonly string[]; kernel: string } | Refusal {
  if (env?.variables.next_entry) {
    return {
      refused: `a one-shot entry (next_entry=${env.variables.next_entry}) is left in GRUB's environment: clear it first`,
    }
  }
  const wanted = (env?.grubDefault === 'saved' ? env.variables.saved_entry : env?.grubDefault) || '0'
  const name = wanted.split('>').at(-1)
  const entry = wanted === '0' ? entries[0] : entries.find(({ id, title }) => id === name || title === name)
  if (!entry?.image) {
    return { refused: `which GRUB entry boots by default cannot be told (GRUB_DEFAULT is ${wanted})` }
  }
  return { words: entry.words, kernel: entry.image.replace(/^.*vmlinuz-/, '') }
}

/** The generated entry of another installed kernel. */
function entryOf(ground: Ground, release: string): { words: readonly string[]; kernel: string } | Refusal {
  const blocked = entryThatBoots(ground)
  if (isRefusal(blocked)) return blocked
  const entry = ground['grub-cfg'].find(({ image, recovery }) => !recovery && image?.endsWith(`/vmlinuz-${release}`))
  return entry
    ? { words: entry.words, kernel: release }
    : { refused: `grub.cfg has no entry for kernel ${release}`, hint: 'run update-grub, then diagnose again' }
}

/**
 * The words behind the image after the next generation. 10_linux writes `root=… ro <what it adds> <the two values>`: the values
 * of before are taken off the end where they stand there, and those of after put on.
 */
export function keptWords(
  entry: readonly string[],
  before: readonly string[],
  after: readonly string[],
): readonly string[] {
  const tail = entry.slice(entry.length - before.length)
  if (before.length > 0 && tail.length === before.length && tail.every((word, at) => word === before[at])) {
    return [...entry.slice(0, entry.length - before.length), ...after]
  }
  const ro = entry.findIndex((word) => word === 'ro' || word === 'rw')
  const head = entry.slice(0, ro + 1)
  const flags = entry.slice(ro + 1).filter((word) => word.startsWith('rootflags='))
  return [...head, ...flags, ...after]
}

const MOUNTED_BY_DEBIAN = ['/boot/efi', '/efi', '/boot']

/**
 * The ESP that GRUB may write a flag on: the node's own, never one of a guest's disk, which lsblk lists as well. The one that is
 * mounted where Debian mounts it, else one on a disk that /boot/grub lies on.
 */
function espOf(esps: NonNullable<Facts['boot-loader']>['esps'], bootDisks: readonly string[] | null) {
  const own = esps.filter(
    ({ device, fs, uuid }) => fs === 'vfat' && uuid !== '' && !/^\/dev\/(zd|rbd|nbd|loop|dm-|mapper\/)/.test(device),
  )
  const mounted = own.find(({ mountedAt }) => mountedAt !== null && MOUNTED_BY_DEBIAN.includes(mountedAt))
  return mounted ?? own.find(({ device }) => bootDisks === null || bootDisks.some((disk) => isPartOf(device, disk)))
}

/** Whether a device (`/dev/nvme0n1p2`, `/dev/sda2`) is a partition of the disk with that kernel name. */
const isPartOf = (device: string, disk: string): boolean => /^p?\d+$/.test(device.replace(`/dev/${disk}`, ''))

/** How this node can try a line exactly once (FACTS 1.5, 1.6). */
function mechanismOf({ 'grub-env': env, 'boot-loader': loader, firmware, clock }: Ground): TrialMechanism | Refusal {
  if (!env || !loader) return { refused: 'what GRUB can write could not be read' }
  if (env.customSourced !== true) {
    return {
      refused: 'grub.cfg does not read custom.cfg, so no trial entry can be added (is /etc/grub.d/41_custom there?)',
    }
  }
  const lacks = ['grub-editenv', 'grub-script-check'].filter((tool) => !env.tools.includes(tool))
  if (lacks.length > 0) return { refused: `the node lacks ${lacks.join(' and ')}` }
  if (env.bootWritable !== true) return { refused: '/boot cannot be written' }
  const esp = espOf(loader.esps, env.bootDisks)
  if (esp) return { kind: 'flag', on: 'esp', uuid: esp.uuid }
  if (env.bootStack === 'plain' && env.bootUuid && ['ext2', 'ext3', 'ext4', 'xfs'].includes(env.bootFs ?? '')) {
    return { kind: 'flag', on: 'boot', uuid: env.bootUuid }
  }
  const nothing = 'there is no file system that GRUB can write'
  if (firmware?.secureBoot === 'enabled') return { refused: `${nothing}, and Secure Boot is on` }
  if (clock?.rtc == null) return { refused: `${nothing}, and the hardware clock could not be read` }
  return { kind: 'window' }
}
