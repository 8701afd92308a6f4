import { bootedBy } from '../diagnosis/boot-evidence.ts'
import { bootFiles, generatedEntries } from '../diagnosis/boot-files.ts'
import { missingFrom } from '../diagnosis/kernel-line.ts'
import { type Answer, defineRule } from '../diagnosis/rule.ts'
import type { Target } from '../diagnosis/target.ts'
import { inWords, notable, stakeOf } from '../diagnosis/words-at-stake.ts'
import type { Facts } from '../facts/facts.ts'

/** FACTS 1.3. What systemd-boot's entries hold is not probed: there the running line is all that can be compared with. */
export const bootConfigNotGenerated = defineRule({
  id: 'boot-config-not-generated',
  title: 'The boot configuration was not generated after an edit',
  why: 'The file with the kernel arguments is only a source. The boot loader reads what is generated from it, and that does not have the arguments yet, so a mere reboot changes nothing.',
  fix: 'Run update-grub, or proxmox-boot-tool refresh where that keeps the ESPs; check that the arguments arrived in the generated configuration, then reboot.',
  links: ['https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot_edit_kernel_cmdline'],
  remedies: ['regenerate-boot-config'],
  needs: ['cmdline'],
  mutedBy: ['iommu-off-in-firmware', 'grub-config-broken', 'wrong-boot-file'],
  check: (facts, target) => {
    const loader = bootedBy(facts)?.loader
    const file = bootFiles(facts)?.right
    if (loader === undefined) return { unknown: ['boot-loader'] }
    if (!file) return { unknown: [loader === 'grub' ? 'default-grub' : 'kernel-cmdline-file'] }
    const wanted = notable(file.words)
    if (loader === 'systemd-boot') return answer(facts, target, missingFrom(facts.cmdline.words, wanted), 'cmdline')
    const entries = generatedEntries(facts)
    if (entries.length === 0) return { unknown: ['grub-cfg'] }
    const missing = [...new Set(entries.flatMap((words) => missingFrom(words, wanted)))]
    if (missing.length === 0 && !file.whole) return { unknown: ['default-grub-d'] }
    return answer(facts, target, missing, 'grub-cfg')
  },
})

function answer(
  facts: Facts,
  target: Target | null,
  missing: readonly string[],
  probe: 'cmdline' | 'grub-cfg',
): Answer {
  const files = bootFiles(facts)
  if (missing.length === 0 || !files?.right) return 'ok'
  const lacks = `without ${missing.join(' ')}: ${probe === 'cmdline' ? facts.cmdline?.line : (generatedEntries(facts)[0] ?? []).join(' ')}`
  const where =
    probe === 'cmdline'
      ? 'have not arrived on the running line: the configuration was not refreshed, or the node was not rebooted since'
      : 'are missing from the generated GRUB configuration'
  return {
    severity: stakeOf(facts, target, missing),
    devices: [],
    says: `${inWords(missing)} in ${files.rightPath} ${where}.`,
    evidence: [
      { saw: `${files.rightPath}: ${missing.join(' ')}`, probe: files.right.probe },
      { saw: lacks, probe },
    ],
    remedies: ['regenerate-boot-config'],
  }
}
