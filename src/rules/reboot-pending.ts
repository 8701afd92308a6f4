import { bootedBy } from '../diagnosis/boot-evidence.ts'
import { generatedEntries, kernelCmdlineWords } from '../diagnosis/boot-files.ts'
import { iommuActive } from '../diagnosis/iommu.ts'
import { missingFrom } from '../diagnosis/kernel-line.ts'
import { defineRule } from '../diagnosis/rule.ts'
import { droppedOffSwitches, inWords, notable, stakeOf } from '../diagnosis/words-at-stake.ts'

export const rebootPending = defineRule({
  id: 'reboot-pending',
  title: 'The generated configuration waits for a reboot',
  why: 'The boot configuration already has the arguments, but the running kernel was started before that: arguments are read once, at boot.',
  fix: 'Reboot the node into the configuration it already has.',
  links: ['https://docs.kernel.org/admin-guide/kernel-parameters.html'],
  remedies: ['reboot-into-config'],
  needs: ['cmdline'],
  mutedBy: ['iommu-off-in-firmware', 'wrong-boot-file', 'boot-config-not-generated'],
  clear: 'the configured arguments are live',
  check: (facts, target) => {
    const loader = bootedBy(facts)?.loader
    if (loader === undefined) return { unknown: ['boot-loader'] }
    const live = facts.cmdline.words
    if (loader === 'systemd-boot') {
      const file = kernelCmdlineWords(facts)
      return file && missingFrom(live, notable(file.words)).length === 0 ? 'ok' : { unknown: ['kernel-cmdline-file'] }
    }
    const generated = generatedEntries(facts)
    const [entry] = generated
    if (!entry) return { unknown: ['grub-cfg'] }
    const pending = missingFrom(live, notable(entry))
    const dropped = droppedOffSwitches(live, entry)
    if (pending.length === 0 && dropped.length === 0) return 'ok'
    const gone = dropped.length > 0 && iommuActive(facts) === false
    const what = [
      ...(pending.length > 0 ? [`brings ${inWords(pending)}`] : []),
      ...(dropped.length > 0 ? [`drops ${inWords(dropped)}`] : []),
    ]
    return {
      severity: gone ? 'blocker' : stakeOf(facts, target, [...pending, ...dropped]),
      devices: [],
      says: `The generated configuration ${what.join(' and ')}, and the node has not been rebooted since.`,
      evidence: [
        { saw: entry.join(' '), probe: 'grub-cfg' },
        { saw: facts.cmdline.line, probe: 'cmdline' },
      ],
      remedies: ['reboot-into-config'],
    }
  },
})
