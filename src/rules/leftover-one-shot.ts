import { bootedBy } from '../diagnosis/boot-evidence.ts'
import { runningKernel } from '../diagnosis/kernel-choice.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'

/** FACTS 1.4 and 1.5. One that is still to come, on a /boot that GRUB can write, is no leftover. */
export const leftoverOneShot = defineRule({
  id: 'leftover-one-shot',
  title: 'A boot for one time was left behind',
  why: 'Something asked the boot loader to start another entry just once, and the mark was never taken away. On LVM, RAID, btrfs and ZFS GRUB cannot clear next_entry, so that entry boots for ever; a kernel pinned with --next-boot stays the default until the running system unpins it.',
  fix: 'Clear the mark: "grub-editenv - unset next_entry" for GRUB, "proxmox-boot-tool kernel unpin --next-boot" for a kernel pinned for the next boot; words of an earlier trial go out of the boot file, and update-grub or proxmox-boot-tool refresh follows.',
  links: [
    'https://www.gnu.org/software/grub/manual/grub/html_node/Environment-block.html',
    'https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot_kernel_pin',
  ],
  remedies: ['clear-one-shot'],
  needs: [],
  check: (facts) => {
    const marks = [nextEntry(facts), nextKernel(facts), trialWords(facts)]
    const left = marks.flatMap((mark) => ('says' in mark ? [mark] : []))
    if (left.length === 0) {
      const missing = [...new Set(marks.flatMap((mark) => ('unknown' in mark ? mark.unknown : [])))]
      return missing.length > 0 ? { unknown: missing } : 'ok'
    }
    return {
      severity: 'warning',
      devices: [],
      says: left.map(({ says }) => says).join(' '),
      evidence: left.flatMap(({ evidence }) => evidence),
      remedies: ['clear-one-shot'],
    }
  },
})

type Mark = { says: string; evidence: Evidence[] } | { unknown: ProbeName[] }

/** `next_entry` where GRUB reads it and cannot write it. */
function nextEntry(facts: Facts): Mark {
  const env = facts['grub-env']
  if (!env) return { unknown: ['grub-env'] }
  const entry = env.variables.next_entry ?? ''
  const writable = env.bootStack === 'plain' && env.bootFs !== null && !/^(btrfs|zfs)$/.test(env.bootFs)
  if (entry === '' || writable) return { unknown: [] }
  if (!/^(lvm|raid)$/.test(env.bootStack ?? '') && !/^(btrfs|zfs)$/.test(env.bootFs ?? ''))
    return { unknown: ['grub-env'] }
  const read = readsRootsBoot(facts)
  if (read === null) return { unknown: ['boot-tool'] }
  if (!read) return { unknown: [] }
  const place = env.bootStack === 'lvm' ? 'LVM' : env.bootStack === 'raid' ? 'RAID' : env.bootFs
  return {
    says: `GRUB starts "${entry}" at every boot, because it cannot clear next_entry on ${place}: type "grub-editenv - unset next_entry".`,
    evidence: [{ saw: `next_entry=${entry}`, probe: 'grub-env' }],
  }
}

/** Is it /boot/grub of the root file system that GRUB reads? Not on the ESPs of proxmox-boot-tool, and not under systemd-boot. */
function readsRootsBoot(facts: Facts): boolean | null {
  if (bootedBy(facts)?.loader === 'systemd-boot') return false
  if (/^BOOT_IMAGE=\S*\/boot\//.test(facts.cmdline?.line ?? '')) return true
  const tool = facts['boot-tool']
  return tool ? !tool.managed : null
}

/** A kernel pinned for the next boot that has already had its boot. */
function nextKernel(facts: Facts): Mark {
  if (!facts.kernels) return { unknown: ['kernels'] }
  const { nextBoot } = facts.kernels
  if (nextBoot === null) return { unknown: [] }
  const running = runningKernel(facts)
  if (running === null) return { unknown: ['uname'] }
  if (nextBoot !== running) return { unknown: [] }
  return {
    says: `${nextBoot} was pinned for one boot, has had it, and is still pinned: type "proxmox-boot-tool kernel unpin --next-boot".`,
    evidence: [{ saw: `next-boot: ${nextBoot}`, probe: 'kernels' }],
  }
}

/** The mark of a trial boot in what is generated for every boot, or written to be. */
function trialWords(facts: Facts): Mark {
  const ours = (word: string) => word.startsWith('lanekeeper.trial=')
  const generated = (facts['grub-cfg'] ?? []).flatMap(({ words }) => words.filter(ours))
  const written = (facts['kernel-cmdline-file']?.first ?? '').split(/\s+/).filter(ours)
  const evidence: Evidence[] = [
    ...[...new Set(generated)].map((saw) => ({ saw, probe: 'grub-cfg' as const })),
    ...[...new Set(written)].map((saw) => ({ saw, probe: 'kernel-cmdline-file' as const })),
  ]
  const missing = (['grub-cfg', 'kernel-cmdline-file'] as const).filter((name) => facts[name] === undefined)
  if (evidence.length === 0) return { unknown: [...missing] }
  return { says: 'The mark of an earlier trial stands in the permanent boot configuration.', evidence }
}
