import { acsOverride, overrideWords } from '../diagnosis/acs-override.ts'
import { bootedBy } from '../diagnosis/boot-evidence.ts'
import { bootFiles, generatedEntries, kernelCmdlineWords } from '../diagnosis/boot-files.ts'
import { grubFileWords } from '../diagnosis/grub-words.ts'
import { said } from '../diagnosis/iommu.ts'
import { type Answer, defineRule, type Evidence } from '../diagnosis/rule.ts'
import { toHave } from '../diagnosis/suggestion.ts'
import { typosOf } from '../diagnosis/typos.ts'
import { inWords } from '../diagnosis/words-at-stake.ts'
import type { Facts } from '../facts/facts.ts'
import type { ProbeName } from '../facts/probes.ts'

/** FACTS 2.2, message K-ACS-BAD. The name is pcie_acs_override, although the patch's own text says pci_acs_override. */
export const acsOverrideIgnored = defineRule({
  id: 'acs-override-ignored',
  title: 'The ACS override that was asked for does not act',
  why: 'The kernel reads pcie_acs_override= once, at boot, and passes over values that it does not know without a word. Only Proxmox and a few other builders patch it in: other kernels do not have it at all.',
  fix: 'Where it waits in a file, bring it onto the running line: the right file, the boot configuration generated, a reboot. Where it is on the line, correct the value (downstream, multifunction, id:vvvv:dddd with four hex digits each) or boot a Proxmox kernel.',
  links: [
    'https://git.proxmox.com/?p=pve-kernel.git;a=tree;f=patches/kernel;hb=HEAD',
    'https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot_edit_kernel_cmdline',
  ],
  remedies: ['correct-argument', 'reboot-into-config', 'regenerate-boot-config', 'move-arguments'],
  needs: [],
  mutedBy: [
    'iommu-off-in-firmware',
    'wrong-boot-file',
    'boot-config-not-generated',
    'reboot-pending',
    'iommu-off',
    'cmdline-typo',
  ],
  check: (facts) => {
    const override = acsOverride(facts)
    const refused = said(facts, /PCIe ACS (?:ID parse error|invalid ID)|Out of PCIe ACS override slots/)
    if (override.state === 'ignored') {
      const { because, evidence } = override
      const says = `The ACS override is on the running kernel line, but ${because}.`
      return found(says, [...evidence, ...refused], corrected(facts))
    }
    if (refused.length > 0) {
      return found('The kernel passes over a part of pcie_acs_override= that it cannot read.', refused)
    }
    if (override.state === 'unknown') return { unknown: override.missing }
    return override.state === 'live' ? 'ok' : inTheFiles(facts)
  },
})

type Cure = Pick<Exclude<Answer, 'ok' | { unknown: readonly ProbeName[] }>, 'remedies' | 'suggests'>

const found = (says: string, evidence: readonly Evidence[], cure: Cure = { remedies: [] }): Answer => ({
  severity: 'warning',
  devices: [],
  says,
  evidence,
  ...cure,
})

/** A misspelt value that can be guessed. */
function corrected({ cmdline }: Facts): Cure {
  const words = cmdline?.words ?? []
  const typos = typosOf(overrideWords(words))
  if (typos.length === 0) return { remedies: [] }
  const meant = typos.map((typo) => typo.meant)
  const wrong = typos.map(({ word }) => word)
  return { remedies: ['correct-argument'], suggests: toHave(words, meant, wrong) }
}

/** Does it stand in a file that should have brought it onto the running line? */
function inTheFiles(facts: Facts): Answer {
  const loader = bootedBy(facts)?.loader
  const [grub, kernel, files] = [grubFileWords(facts), kernelCmdlineWords(facts), bootFiles(facts)]
  const generated = overrideWords(generatedEntries(facts)[0] ?? [])
  const edited = [...new Set([...overrideWords(grub?.words ?? []), ...overrideWords(kernel?.words ?? [])])]
  if (loader === 'grub' && generated.length > 0) {
    return found(
      `${inWords(generated)} is in the generated configuration, and the node has not been rebooted since.`,
      generated.map((saw) => ({ saw, probe: 'grub-cfg' })),
      { remedies: ['reboot-into-config'] },
    )
  }
  if (edited.length > 0) {
    const evidence = [grub, kernel].flatMap((file) =>
      file ? overrideWords(file.words).map((saw): Evidence => ({ saw, probe: file.probe })) : [],
    )
    const right = overrideWords(files?.right?.words ?? []).length > 0
    const where = files ? (right ? files.rightPath : files.wrongPath) : 'a boot file'
    const cure: Cure = right
      ? { remedies: ['regenerate-boot-config'] }
      : { remedies: ['move-arguments'], suggests: toHave(facts.cmdline?.words ?? [], edited) }
    return found(
      `${inWords(edited)} stands in ${where}, but not on the running kernel line.`,
      evidence,
      files ? cure : { remedies: [] },
    )
  }
  const missing: ProbeName[] = [
    ...(grub ? (grub.whole ? [] : (['default-grub-d'] as const)) : (['default-grub'] as const)),
    ...(kernel ? [] : (['kernel-cmdline-file'] as const)),
    ...(loader !== 'systemd-boot' && !facts['grub-cfg'] ? (['grub-cfg'] as const) : []),
    ...(loader === undefined && generated.length > 0 ? (['boot-loader'] as const) : []),
  ]
  return missing.length > 0 ? { unknown: missing } : 'ok'
}
