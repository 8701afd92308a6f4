import { bootedBy } from '../diagnosis/boot-evidence.ts'
import { bootFiles } from '../diagnosis/boot-files.ts'
import { missingFrom } from '../diagnosis/kernel-line.ts'
import { defineRule } from '../diagnosis/rule.ts'
import { toHave } from '../diagnosis/suggestion.ts'
import { inWords, notable, stakeOf } from '../diagnosis/words-at-stake.ts'

/** FACTS 1.2 and 1.3: which file counts follows from how the running boot was started, not from what lies on disk. */
export const wrongBootFile = defineRule({
  id: 'wrong-boot-file',
  title: 'Kernel arguments stand in a file that this node does not boot from',
  why: 'Nodes started by systemd-boot take their arguments from /etc/kernel/cmdline, all others from /etc/default/grub. What is written into the other file never reaches the kernel, and nothing says so.',
  fix: 'Move the arguments to the file that counts here, then run proxmox-boot-tool refresh (or update-grub where proxmox-boot-tool does not keep the ESPs) and reboot.',
  links: ['https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot_edit_kernel_cmdline'],
  remedies: ['move-arguments'],
  needs: ['cmdline'],
  mutedBy: ['iommu-off-in-firmware'],
  check: (facts, target) => {
    const booted = bootedBy(facts)
    const files = bootFiles(facts)
    if (!booted || !files) return { unknown: ['boot-loader'] }
    const { right, wrong, rightPath, wrongPath } = files
    const byGrub = booted.loader === 'grub'
    if (!wrong) return { unknown: [byGrub ? 'kernel-cmdline-file' : 'default-grub'] }
    const notLive = missingFrom(facts.cmdline.words, notable(wrong.words))
    if (notLive.length === 0) return wrong.whole ? 'ok' : { unknown: ['default-grub-d'] }
    if (!right) return { unknown: [byGrub ? 'default-grub' : 'kernel-cmdline-file'] }
    const misplaced = missingFrom(right.words, notLive)
    if (misplaced.length === 0) return wrong.whole ? 'ok' : { unknown: ['default-grub-d'] }
    const has = misplaced.length === 1 ? 'stands' : 'stand'
    return {
      severity: stakeOf(facts, target, misplaced),
      devices: [],
      says: `${inWords(misplaced)} ${has} in ${wrongPath}, but this node was started by ${byGrub ? 'GRUB' : 'systemd-boot'} and takes its arguments from ${rightPath}.`,
      evidence: [{ saw: `${wrongPath}: ${misplaced.join(' ')}`, probe: wrong.probe }, booted.evidence],
      remedies: ['move-arguments'],
      suggests: toHave(facts.cmdline.words, misplaced),
    }
  },
})
